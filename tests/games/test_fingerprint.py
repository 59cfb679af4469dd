import dataclasses
import gzip
from collections.abc import Iterable, Sequence
from typing import Unpack

import chess
import chess.pgn
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.games.fingerprint import (
    LONG_DRAW_PLIES,
    LONG_PLIES,
    Seen,
    fingerprint,
    game_id,
    is_same_game,
    moves_key,
)
from chess_analytics.games.model import Game, Place, Site
from tests.builders import Details, game, game_from, game_of, games, played
from tests.shared_data import shared_data

TRAP = "1. e4 e5 2. Qh5 Nc6 3. Bc4 Nf6 4. Qxf7#"
DRAW = "1. e4 e5 2. Nf3 Nc6"


def trap(**details: Unpack[Details]) -> Game:
    """Somebody's scholar's mate on the second of January."""
    usual: Details = {"white": "Ann", "black": "Bob", "result": "1-0"}
    tags = {"Date": "2021.01.02", **details.get("tags", {})}
    told: Details = {**usual, **details, "tags": tags}
    return game(TRAP, **told)


def same(one: Game, other: Game) -> bool:
    forth = is_same_game(fingerprint(one), fingerprint(other))
    assert forth == is_same_game(fingerprint(other), fingerprint(one))
    return forth


def long_game(plies: int, date: str = "2021.01.02", **details: Unpack[Details]) -> Game:
    moves = [move.move for move in played([5] * plies).moves]
    assert len(moves) == plies
    tags = {"Date": date, **details.get("tags", {})}
    told: Details = {"result": "1-0", **details, "tags": tags}
    return game_of(moves, **told)


def test_the_key_of_the_moves_is_the_same_in_every_version() -> None:
    # b2sum -l 128 of "standard rnbqkbnr/... w KQkq - e2e4 ...", the EPD and the moves in UCI.
    assert moves_key(game(TRAP)) == "e16842919a58eb32e8497ffee820a32c"
    assert moves_key(game()) == "42b09385a9a925b0ffa605699c2d74fb"


def test_the_key_of_the_moves_knows_the_start_and_the_variant() -> None:
    start = "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"
    shifted = "4k3/8/8/8/8/3P4/4P3/4K3 w - - 0 1"
    lines = [
        game_of(["e2e4"]),
        game_of(["e2e4"], fen=start),
        game_of(["e2e4"], fen=shifted),
        game_of(["e2e4"], fen=start, chess960=True),
        game_of(["e2e3"], fen=start),
    ]
    assert len({moves_key(line) for line in lines}) == len(lines)


def test_counters_and_spelling_of_the_start_position_do_not_matter() -> None:
    one = game_of(["e2e4"], fen="4k3/8/8/8/8/8/4P3/4K3 w - - 0 1")
    other = game_of(["e2e4"], fen="4k3/8/8/8/8/8/4P3/4K3 w - - 12 34")
    assert moves_key(one) == moves_key(other)
    shredder = "bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w GEge - 0 1"
    usual = shredder.replace("GEge", "KQkq")
    assert moves_key(game_of(["e2e4"], fen=shredder, chess960=True)) == moves_key(
        game_of(["e2e4"], fen=usual, chess960=True)
    )


SAME: Sequence[tuple[str, Game]] = [
    ("nothing differs", trap()),
    ("names in another order", trap(white="ann", black="BOB")),
    ("a name is lost", trap(white="?")),
    ("both names are lost", trap(white="?", black="")),
    ("the date is a day later", trap(tags={"Date": "2021.01.03"})),
    ("the date is a day earlier, in another year", trap(tags={"Date": "2021.01.01"})),
    ("only the month is known", trap(tags={"Date": "2021.01.??"})),
    ("only the year is known", trap(tags={"Date": "2021.??.??"})),
    ("the date is lost", trap(tags={"Date": "????.??.??"})),
    ("there is no such date", trap(tags={"Date": "2021.02.30"})),
    ("the result is lost", trap(result="*")),
    ("UTC was a day earlier", trap(tags={"Date": "2021.01.04", "UTCDate": "2021.01.03"})),
    ("the event is spelled differently", trap(tags={"Event": "Club evening", "Round": "3"})),
    ("it is on a site", trap(site=Site.LICHESS, site_id="abcdefgh")),
    ("it has clocks", trap(clocks=[60] * 7)),
    ("the clock was in another zone", trap(tags={"EndTime": "12:34:39 PDT"})),
]


@pytest.mark.parametrize("other", [g for _, g in SAME], ids=[name for name, _ in SAME])
def test_one_game_is_recognised_although(other: Game) -> None:
    assert same(trap(), other)


DIFFERENT: Sequence[tuple[str, Game, Game]] = [
    ("other moves", trap(), game(DRAW, white="Ann", black="Bob")),
    ("other people", trap(), trap(white="Carl")),
    ("colours exchanged", trap(), trap(white="Bob", black="Ann")),
    ("another week", trap(), trap(tags={"Date": "2021.01.09"})),
    ("another month", trap(), trap(tags={"Date": "2021.03.??"})),
    ("another result", trap(), trap(result="1/2-1/2")),
    (
        "another game of the same site",
        trap(site=Site.LICHESS, site_id="abcdefgh"),
        trap(site=Site.LICHESS, site_id="ijklmnop"),
    ),
    (
        "another round of the same event",
        trap(tags={"Event": "Cup", "Round": "1"}),
        trap(tags={"Event": "Cup", "Round": "2"}),
    ),
    (
        "another time of day",
        trap(tags={"EndTime": "12:34:39 PDT"}),
        trap(tags={"EndTime": "13:41:02 PDT"}),
    ),
    (
        "another round, and too short for a draw",
        long_game(50, result="1/2-1/2", tags={"Round": "1"}),
        long_game(50, result="*", tags={"Round": "2"}),
    ),
    ("a long game with another result", long_game(68), long_game(68, result="0-1")),
    ("a long game of others on another day", long_game(68), long_game(68, date="2021.02.02")),
]


@pytest.mark.parametrize(
    ("one", "other"), [pair[1:] for pair in DIFFERENT], ids=[name for name, *_ in DIFFERENT]
)
def test_two_games_stay_two(one: Game, other: Game) -> None:
    assert not same(one, other)


def test_an_id_of_the_site_decides_even_where_all_else_differs() -> None:
    one = trap(site=Site.CHESSCOM, site_id="12")
    other = trap(site=Site.CHESSCOM, site_id="12", white="Zed", tags={"Date": "1999.01.01"})
    assert same(one, other)


def test_ids_of_different_sites_say_nothing() -> None:
    assert same(trap(site=Site.CHESSCOM, site_id="1"), trap(site=Site.LICHESS, site_id="abcdefgh"))


def test_the_same_time_in_another_time_zone_is_the_same_time() -> None:
    here, there = {"EndTime": "12:34:39 PDT"}, {"EndTime": "1:04:39 GMT+0530"}
    assert same(trap(tags=here), trap(tags=there))


def test_a_date_may_be_known_to_the_year_only() -> None:
    later = trap(tags={"Date": "2021.07.05"})
    assert same(later, trap(tags={"Date": "2021.??.??"}))
    assert not same(later, trap(tags={"Date": "2021.05.??"}))


@pytest.mark.parametrize(
    ("plies", "result", "expected"),
    [
        (LONG_PLIES - 1, "1-0", False),
        (LONG_PLIES, "1-0", True),
        (LONG_PLIES, "1/2-1/2", False),
        (LONG_DRAW_PLIES - 1, "1/2-1/2", False),
        (LONG_DRAW_PLIES, "1/2-1/2", True),
        (LONG_DRAW_PLIES, "*", False),
    ],
)
def test_a_long_game_is_one_although_a_handle_stands_for_a_name(
    plies: int, result: str, *, expected: bool
) -> None:
    real = long_game(plies, result=result, white="Carlsen, Magnus", black="So, Wesley")
    handle = long_game(plies, result=result, white="DrNykterstein", black="gmwesley_so")
    assert same(real, handle) is expected


def test_a_long_game_of_other_people_without_a_date_stays_another() -> None:
    one = long_game(68, white="Carlsen, Magnus", date="????.??.??")
    assert not same(one, long_game(68, white="DrNykterstein"))


def test_what_was_seen_tells_where_it_was_seen_first() -> None:
    seen = Seen()
    first, second, third = (Place("a.pgn", number, None) for number in (1, 2, 3))
    assert seen.add(trap(place=first)) is None
    assert seen.add(game(DRAW, place=second)) is None
    assert seen.add(trap(place=third, white="?")) == first


def test_another_name_of_a_seen_game_is_remembered_too() -> None:
    seen = Seen()
    here, there = Place("a.pgn", 1, None), Place("b.pgn", 1, None)
    seen.add(trap(place=here, site=Site.CHESSCOM, site_id="1"))
    assert seen.add(trap(place=there, site=Site.LICHESS, site_id="abcdefgh")) == here
    strange = trap(white="Zed", tags={"Date": "1999.01.01"}, site=Site.LICHESS, site_id="abcdefgh")
    assert seen.add(strange) == here


def test_a_game_is_named_by_its_site_and_else_by_its_contents() -> None:
    assert game_id(trap(site=Site.LICHESS, site_id="abcdefgh")) == "abcdefgh"
    assert game_id(trap()) == "08ce93756f7f7149"
    assert game_id(trap()) == game_id(trap(tags={"Event": "Cup"}, clocks=[60]))
    others = [
        trap(white="Carl"),
        trap(tags={"Date": "2021.01.03"}),
        trap(tags={"EndTime": "12:34:39 PDT"}),
        trap(tags={"EndTime": "13:41:02 PDT"}),
        game(DRAW),
    ]
    assert len({game_id(trap()), *map(game_id, others)}) == 1 + len(others)


def test_thousands_of_empty_games_are_told_apart_quickly() -> None:
    seen = Seen()
    ids = [f"{number:08}" for number in range(3000)]
    assert [seen.add(empty(one)) for one in ids] == [None] * 3000
    assert all(seen.add(empty(one)) for one in ids)


def empty(site_id: str) -> Game:
    return dataclasses.replace(_EMPTY, site_id=site_id)


_EMPTY = game(site=Site.LICHESS)


@st.composite
def tellings(draw: st.DrawFn) -> Details:
    """Draw what one source may tell of a game that others tell, too."""
    return {
        "white": draw(st.sampled_from(["Polgar, Judit", "J. Polgar", "JUDIT POLGÁR", "?"])),
        "black": draw(st.sampled_from(["bob_81", "Bob_81", ""])),
        "result": draw(st.sampled_from(["1-0", "*"])),
        "tags": {
            "Date": draw(st.sampled_from(["2020.12.31", "2021.01.01", "2021.??.??", "?"])),
            "Event": draw(st.text("abc", max_size=3)),
            "Site": draw(st.sampled_from(["?", "Paris", "https://lichess.org"])),
        },
        "site": draw(st.sampled_from(list(Site))),
    }


@given(games(max_plies=50), tellings(), tellings())
@settings(deadline=None)
def test_a_game_told_twice_is_one_whatever_else_is_told(
    line: Game, one: Details, other: Details
) -> None:
    moves = [move.move for move in line.moves]
    first, second = game_of(moves, **one), game_of(moves, **other)
    assert same(first, second)
    seen = Seen()
    assert seen.add(first) is None
    assert seen.add(second) == first.place


@given(games(max_plies=12), games(max_plies=12), tellings())
@settings(deadline=None)
def test_games_with_other_moves_are_never_one(one: Game, other: Game, told: Details) -> None:
    lines = [[move.move for move in line.moves] for line in (one, other)]
    first, second = (game_of(line, **told) for line in lines)
    assert same(first, second) == (lines[0] == lines[1])


def archive(name: str, *, most: int) -> Iterable[Game]:
    with shared_data(name).open(encoding="utf-8") as text:
        for _ in range(most):
            parsed = chess.pgn.read_game(text)
            if parsed is None:
                return
            site_id = parsed.headers["Site"].rpartition("/")[2]
            yield game_from(parsed, site=Site.LICHESS, site_id=site_id)


@pytest.mark.shared
def test_every_game_of_an_archive_is_found_again_and_none_is_mixed_up() -> None:
    seen = Seen()
    # Two of these games have no moves at all, and two have the same nine plies a day apart.
    games_ = list(archive("archives/lichess_jacobaharris.pgn", most=300))
    places = [Place("first", number, None) for number, _ in enumerate(games_, start=1)]
    for line, place in zip(games_, places, strict=True):
        assert seen.add(dataclasses.replace(line, place=place)) is None
    for line, place in zip(games_, places, strict=True):
        headers = {**line.headers, "Event": "?", "White": line.headers["White"].upper()}
        copy = dataclasses.replace(line, headers=headers, site=Site.OTHER, site_id=None)
        assert seen.add(copy) == place


@pytest.mark.shared
def test_two_boards_with_the_same_moves_by_mistake_stay_two_games() -> None:
    # The Week in Chess 944 gives the 68 plies of one board to another one of the same round.
    with gzip.open(
        shared_data("corpus/twic944_first2000.pgn.gz"), "rt", encoding="latin-1"
    ) as text:
        entries = text.read().split("[Event ")
    boards = [
        game(f"[Event {entry}")
        for entry in entries
        if ('"Williamson,R"' in entry and '"Koch,Ala2"' in entry) or '"Dale,Finley"' in entry
    ]
    one, other = (board for board in boards if len(board.moves) == 68)
    assert moves_key(one) == moves_key(other)
    assert not same(one, other)
