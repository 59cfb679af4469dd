"""What was written comes out of the columns again, beside what the library knows."""

from dataclasses import fields, is_dataclass
from itertools import groupby
from typing import Any

import pytest

from chess_analytics.insights.frames import Facts, assemble, gather, library_frame
from chess_analytics.insights.records import pack
from tests.insights.archives import Known, facts_of, sample_games


def _same(loaded: object, value: object) -> bool:
    if isinstance(value, float):
        return loaded == pytest.approx(value, rel=1e-6)
    return loaded == value


def _differences(row: dict[str, Any], values: object, prefix: str = "") -> list[str]:
    kind = type(values)
    names = (
        [field.name for field in fields(kind)]
        if is_dataclass(kind)
        else [*getattr(kind, "_fields", ())]
    )
    assert names
    return [name for name in names if not _same(row[prefix + name], getattr(values, name))]


def _rows(facts: Facts) -> dict[int, tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Give games and their moves by the games' ids."""
    games = facts.games.to_dicts()
    moves = {
        row: list(of_game)
        for row, of_game in groupby(facts.moves.to_dicts(), key=lambda move: move["game"])
    }
    return {game["game_id"]: (game, moves.get(row, [])) for row, game in enumerate(games)}


def test_every_fact_of_real_games_comes_out_as_it_went_in() -> None:
    known = sample_games()
    rows = _rows(facts_of(known))
    assert len(rows) == len(known)
    for library, facts in known:
        game, moves = rows[library.game_id]
        assert not _differences(game, library)
        assert game["is_analysed"] is (facts is not None)
        if facts is None:
            assert moves == []
            assert game["plies"] is None
            continue
        own, other = (
            (facts.white, facts.black) if library.color == "white" else (facts.black, facts.white)
        )
        assert not _differences(game, facts.shared)
        assert not _differences(game, own)
        assert not _differences(game, other, "opponent_")
        for row, move in zip(moves, facts.moves, strict=True):
            assert not _differences(row, move)
            assert row["is_mine"] is (move.is_white == (library.color == "white"))


def _equal(one: Facts, other: Facts) -> bool:
    """Compare facts whose games' moves may be in different places."""
    order = ["game", "ply"]
    return one.games.equals(other.games) and one.moves.sort(order).equals(other.moves.sort(order))


def _split(known: list[Known], at: slice) -> tuple[list[Known], list[Known]]:
    later = known[at]
    return [each for each in known if each not in later], later


@pytest.mark.parametrize("at", [slice(50, None), slice(0, 5), slice(3, 40, 3), slice(0, 0)])
def test_games_that_come_later_change_nothing_but_the_order_of_moves(at: slice) -> None:
    known = sample_games()
    first, later = _split(known, at)
    before = gather({game.game_id: pack(facts) for game, facts in first if facts})
    new = {game.game_id: pack(facts) for game, facts in later if facts}
    kept = [game.game_id for game, facts in first if facts]
    grown = before.with_new(new, keep=kept)
    assert _equal(assemble(library_frame([game for game, _ in known]), grown), facts_of(known))


def test_games_that_go_take_their_moves_with_them() -> None:
    known = sample_games()
    left = known[::2]
    whole = gather({game.game_id: pack(facts) for game, facts in known if facts})
    kept = whole.with_new({}, keep=[game.game_id for game, facts in left if facts])
    assert _equal(assemble(library_frame([game for game, _ in left]), kept), facts_of(left))


def test_the_same_game_from_the_other_side_swaps_the_players() -> None:
    library, facts = sample_games()[1]
    assert facts is not None
    mine = facts_of([(library, facts)])
    theirs = facts_of([(library._replace(color="black"), facts)])
    assert library.color == "white"
    assert mine.games["accuracy"].to_list() == theirs.games["opponent_accuracy"].to_list()
    assert mine.moves["is_mine"].to_list() == (~theirs.moves["is_mine"]).to_list()
    assert mine.own_moves["is_white"].all()


def test_some_columns_of_ones_own_moves_are_those_of_all() -> None:
    facts = facts_of(sample_games()[:9])
    some = facts.own("loss", "phase"), facts.own("game", "loss")
    own = facts.moves.filter("is_mine")
    assert [each.equals(own.select(each.columns)) for each in some] == [True, True]
    assert facts.own_moves.equals(own)


def test_nothing_gives_empty_tables_with_all_columns() -> None:
    empty = facts_of([])
    whole = facts_of(sample_games()[:3])
    assert empty.games.schema == whole.games.schema
    assert empty.moves.schema == whole.moves.schema
    assert len(empty.games) == len(empty.moves) == 0
