"""Facts are there when a run is, are read once, and are right after whatever changed."""

from typing import Any

import pytest
from sqlalchemy import delete, select, update

from chess_analytics.actions.link_players import link_player as link
from chess_analytics.actions.load_facts import (
    FactShelf,
    FactsOutdated,
    load_facts,
)
from chess_analytics.actions.rebuild_facts import Rebuilt, rebuild_facts
from chess_analytics.games.model import Side, Site
from chess_analytics.insights.frames import Facts
from chess_analytics.store.fact_tables import run_facts
from chess_analytics.store.facts import STRETCH, Viewpoint
from chess_analytics.store.games import delete_game, insert_games
from chess_analytics.store.session import Store
from chess_analytics.store.tables import game_texts, runs
from tests.accounts import NOW_MS
from tests.builders import game
from tests.library import MOVES, SCHOLARS_MATE, keep_game, keep_run, link_player
from tests.store.stored_games import add_user, new_game


def _user(store: Store, name: str = "ada") -> tuple[int, int]:
    with store.writing() as connection:
        user_id = add_user(connection, name)
    return user_id, link_player(store, user_id, name)


def _keep(store: Store, user_id: int, player_id: int, movetext: str = MOVES, **said: Any) -> int:
    seen_by = (player_id, Side.WHITE)
    game_id = keep_game(store, user_id, movetext, seen_by=seen_by, **said)
    keep_run(store, game_id, movetext)
    return game_id


def _same(one: Facts, other: Facts) -> bool:
    order = ["game", "ply"]
    return one.games.equals(other.games) and one.moves.sort(order).equals(other.moves.sort(order))


def test_a_run_leaves_facts_behind(store: Store) -> None:
    user_id, player_id = _user(store)
    game_id = _keep(store, user_id, player_id, black="Bob", black_rating=1500)
    facts = load_facts(store, user_id)
    row = facts.games.row(0, named=True)
    assert (row["game_id"], row["opponent"], row["opponent_rating"]) == (game_id, "Bob", 1500)
    assert (row["is_analysed"], row["plies"], row["blunders"]) == (True, 8, 1)
    assert facts.own_moves["judgment"].to_list() == [None, None, "blunder", None]


def test_games_without_a_run_are_there_without_facts(store: Store) -> None:
    user_id, player_id = _user(store)
    keep_game(store, user_id, seen_by=(player_id, Side.BLACK))
    facts = load_facts(store, user_id)
    assert facts.games.select("is_analysed", "color", "plies").rows() == [(False, "black", None)]
    assert len(facts.moves) == 0


def test_whoever_looks_sees_their_own_games_alone(store: Store) -> None:
    ada, bob = _user(store), _user(store, "bob")
    other_name = link_player(store, ada[0], "ada on the other site", Site.CHESSCOM)
    mine, also_mine = _keep(store, *ada), _keep(store, ada[0], other_name)
    _keep(store, *bob)
    keep_game(store, ada[0], "1. a3 *")
    shelf = FactShelf()
    assert shelf.facts(store, ada[0]).games["game_id"].to_list() == [mine, also_mine]
    by_name = Viewpoint(frozenset({other_name}))
    assert shelf.facts(store, ada[0], by_name).games["game_id"].to_list() == [also_mine]


def test_anybody_elses_games_are_seen_from_their_side(store: Store) -> None:
    user_id, player_id = _user(store)
    said = {"white": "ada", "black": "Cyd", "white_rating": 1400, "black_rating": 1600}
    beaten = _keep(store, user_id, player_id, SCHOLARS_MATE, **said)
    others = keep_game(store, user_id, "1. b3 *", white="cyd", black="Dora")
    facts = load_facts(store, user_id, Viewpoint(name=" CYD "))
    shown = facts.games.select(
        "game_id", "color", "outcome", "opponent", "rating", "opponent_rating", "is_analysed"
    )
    assert sorted(shown.rows()) == [
        (beaten, "black", "loss", "ada", 1600, 1400, True),
        (others, "white", None, "Dora", None, None, False),
    ]
    assert facts.own_moves["is_white"].any() is False


def test_a_name_that_no_database_can_hold_is_nobodys(store: Store) -> None:
    user_id, player_id = _user(store)
    _keep(store, user_id, player_id, white="Ädam")
    assert load_facts(store, user_id, Viewpoint(name="\0\ud800")).games.height == 0
    assert load_facts(store, user_id, Viewpoint(name="Ädam ")).games.height == 1


def test_a_shelf_gives_the_same_frames_while_nothing_changes(store: Store) -> None:
    user_id, player_id = _user(store)
    _keep(store, user_id, player_id)
    shelf = FactShelf()
    assert shelf.facts(store, user_id) is shelf.facts(store, user_id)


def test_a_shelf_follows_whatever_happens_to_the_library(store: Store) -> None:
    user_id, player_id = _user(store)
    shelf = FactShelf()
    assert len(shelf.facts(store, user_id).games) == 0

    def follows() -> Facts:
        kept = shelf.facts(store, user_id)
        assert _same(kept, load_facts(store, user_id))
        return kept

    first = _keep(store, user_id, player_id)
    assert len(follows().moves) == 8
    _keep(store, user_id, player_id, SCHOLARS_MATE)
    assert len(follows().moves) == 15
    keep_run(store, first, MOVES, scores_cp=[0] * 8)
    assert follows().games["blunders"].to_list() == [0, 1]
    earlier = _keep(store, user_id, player_id, "1. d4 *", played_ms=1000)
    assert follows().games["game_id"][-1] == earlier or follows().games["game_id"][0] == earlier
    with store.writing() as connection:
        delete_game(connection, user_id, first)
    assert len(follows().games) == 2
    others = keep_game(store, user_id, "1. c4 *", black="Newly Linked")
    keep_run(store, others, "1. c4 *")
    assert len(follows().games) == 2
    with store.writing() as connection:
        link(connection, user_id, Site.OTHER, "Newly Linked", now_ms=NOW_MS)
    # Linking looks at all names again, and the other games name nobody.
    assert follows().games["game_id"].to_list() == [others]


def test_a_shelf_follows_games_whose_ids_are_far_apart(store: Store) -> None:
    """What has changed is looked for stretch by stretch, and the others are kept."""
    user_id, player_id = _user(store)
    with store.writing() as connection:
        somebody = add_user(connection, "bob")
    shelf = FactShelf()
    ids = []
    for movetext in (MOVES, SCHOLARS_MATE, MOVES):
        ids.append(_keep(store, user_id, player_id, movetext))
        assert _same(shelf.facts(store, user_id), load_facts(store, user_id))
        others = [new_game(moves_key=f"{number:032x}") for number in range(STRETCH)]
        with store.writing() as connection:
            insert_games(connection, somebody, None, others, now_ms=NOW_MS)
    keep_run(store, ids[0], MOVES, scores_cp=[0] * 8)
    with store.writing() as connection:
        delete_game(connection, user_id, ids[1])
    kept = shelf.facts(store, user_id)
    assert _same(kept, load_facts(store, user_id))
    assert kept.games.select("game_id", "blunders").rows() == [(ids[0], 0), (ids[2], 1)]


def test_a_shelf_puts_away_what_was_not_asked_for_longest(store: Store) -> None:
    users = [_user(store, name) for name in ("ada", "bob", "cyd")]
    for user_id, player_id in users:
        _keep(store, user_id, player_id)
    size = load_facts(store, users[0][0]).size_bytes
    shelf = FactShelf(most_bytes=int(2.5 * size))
    ada = shelf.facts(store, users[0][0])
    bob = shelf.facts(store, users[1][0])
    assert shelf.facts(store, users[0][0]) is ada
    shelf.facts(store, users[2][0])
    assert shelf.size_bytes <= 2.5 * size
    assert shelf.facts(store, users[0][0]) is ada
    assert shelf.facts(store, users[1][0]) is not bob


def test_a_shelf_does_not_grow_with_names_that_nobody_has(store: Store) -> None:
    user_id, player_id = _user(store)
    _keep(store, user_id, player_id)
    shelf = FactShelf(most_players=8)
    kept = shelf.facts(store, user_id)
    for number in range(7):
        assert not shelf.facts(store, user_id, Viewpoint(name=f"nobody {number}")).games.height
    assert shelf.facts(store, user_id) is kept
    for number in range(8):
        shelf.facts(store, user_id, Viewpoint(name=f"nobody else {number}"))
    assert shelf.facts(store, user_id) is not kept


def test_old_facts_are_refused_and_made_anew_without_an_engine(store: Store) -> None:
    user_id, player_id = _user(store)
    for movetext in (MOVES, SCHOLARS_MATE, MOVES):
        _keep(store, user_id, player_id, movetext)
    right = load_facts(store, user_id)
    ids = right.games["run_id"].to_list()
    with store.writing() as connection:
        connection.execute(delete(run_facts).where(run_facts.c.run_id == ids[0]))
        old = {"version": 0, "game": b"old", "moves": b"old"}
        connection.execute(update(run_facts).where(run_facts.c.run_id == ids[1]).values(old))
    with pytest.raises(FactsOutdated, match=r"2 analysed games .* `chess-analytics db rebuild"):
        load_facts(store, user_id)
    told: list[Rebuilt] = []
    assert rebuild_facts(store, told.append) == Rebuilt(made=2)
    assert told == [Rebuilt(made=2)]
    assert _same(load_facts(store, user_id), right)
    assert rebuild_facts(store) == Rebuilt()


def test_a_run_that_does_not_fit_its_game_takes_no_part(store: Store) -> None:
    user_id, player_id = _user(store)
    broken, sound = _keep(store, user_id, player_id), _keep(store, user_id, player_id)
    with store.writing() as connection:
        connection.execute(delete(run_facts))
        text = update(game_texts).where(game_texts.c.game_id == broken)
        connection.execute(text.values(pgn="1. no game *"))
    assert rebuild_facts(store) == Rebuilt(made=1, unreadable=1)
    facts = load_facts(store, user_id)
    analysed = facts.games.filter("is_analysed")["game_id"].to_list()
    assert (len(facts.games), analysed) == (2, [sound])
    assert rebuild_facts(store) == Rebuilt()


def test_facts_go_with_their_run(store: Store) -> None:
    user_id, player_id = _user(store)
    game_id = _keep(store, user_id, player_id)
    with store.writing() as connection:
        assert connection.execute(select(run_facts.c.run_id)).scalars().all()
        connection.execute(delete(runs).where(runs.c.game_id == game_id))
        assert not connection.execute(select(run_facts.c.run_id)).scalars().all()


def test_every_kind_of_game_can_be_rebuilt(store: Store) -> None:
    """What an import knew of a game, beyond its text, counts for its facts too."""
    user_id, player_id = _user(store)
    played = game("1. e4 e5 1/2-1/2", site=Site.LICHESS, tags={"Termination": "Normal"})
    game_id = keep_game(store, user_id, played, seen_by=(player_id, Side.WHITE))
    keep_run(store, game_id, played)
    before = load_facts(store, user_id)
    with store.writing() as connection:
        connection.execute(delete(run_facts))
    rebuild_facts(store)
    after = load_facts(store, user_id)
    assert _same(after, before)
    assert after.games["termination"].to_list() == ["agreement"]
