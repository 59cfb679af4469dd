"""Where one game ends and the next begins."""

import itertools
import tracemalloc
from collections.abc import Iterator

import pytest

from chess_analytics.games.model import Entry, Game
from chess_analytics.games.pgn import read_pgn
from chess_analytics.games.pgn_lines import MAX_GAME_CHARS, MAX_GAME_LINES, Lines
from chess_analytics.games.pgn_split import KEPT_MOVES, MAX_TAG_CHARS, split_games
from tests.games.pgn_builders import entries, outline, spelled


def cut(text: str) -> list[str]:
    return [" ".join(move.word for move in game.moves) for game in split_games(_lines(text))]


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


@pytest.mark.parametrize(
    ("text", "games"),
    [
        pytest.param("", [], id="nothing"),
        pytest.param("\n \n% to programs\n; to people\n", [], id="nothing but notes"),
        pytest.param('[Event "a"]\n\ne4 *\n\n[Event "b"]\n\nd4 *\n', ["e4", "d4"], id="two games"),
        pytest.param('[Event "a"]\ne4 *\n[Event "b"]\nd4 *', ["e4", "d4"], id="no blank line"),
        pytest.param('[Event "a"]e4*[Event "b"]d4*', ["e4", "d4"], id="all on one line"),
        pytest.param('[Event "a"]\n\ne4\n\n[Event "b"]\n\nd4', ["e4", "d4"], id="no results"),
        pytest.param("e4 1-0\nd4 0-1\n\nc4 1/2-1/2 f4 *", ["e4", "d4", "c4", "f4"], id="no tags"),
        pytest.param("1. e4 e5\n\n1. d4 d5", ["e4 e5", "d4 d5"], id="neither tags nor results"),
        pytest.param("1. e4\n\n1... e5\n\n2. Nf3", ["e4 e5 Nf3"], id="blank lines in a game"),
        pytest.param('[A "1"]\n\n[B "2"]\n\ne4 *', ["e4"], id="blank line among tags"),
        pytest.param('[A "1"]\n\n[A "2"]\n\ne4 *', ["", "e4"], id="tags without moves"),
        pytest.param('[Event "1"]\n[Event "2"]\n\ne4 *', ["", "e4"], id="Event twice"),
        pytest.param('[A "1"]\n\n[Event "2"]\ne4 *', ["", "e4"], id="Event after a blank line"),
        pytest.param('[A "1"]\n[Event "2"]\ne4 *', ["e4"], id="Event late among tags"),
        pytest.param('{intro}\n[Event "a"]\n\ne4 *', ["e4"], id="comment before the tags"),
        pytest.param('e4 * {it was late}\n[Event "b"]\nd4 *', ["e4", "d4"], id="comment behind"),
        pytest.param("e4 1-0 *\nd4 *", ["e4", "d4"], id="two results"),
        pytest.param("e4 {1-0} e5 (1-0 c5 *) d4 0-1", ["e4 e5 d4"], id="results that end nothing"),
        pytest.param('e4 {[Event "b"] d4} e5 *', ["e4 e5"], id="tag in a comment"),
        pytest.param('e4 {see\n[Event "b"]\n\nd4 *\n} e5 *', ["e4 e5"], id="game in a comment"),
        pytest.param('e4 ; {\n[Event "b"]\nd4', ["e4", "d4"], id="brace in a line comment"),
        pytest.param('e4\n%{\n[Event "b"]\nd4', ["e4", "d4"], id="brace in an escaped line"),
        pytest.param('e4\n\n[Site "late"]\n\nNf3 *', ["e4", "Nf3"], id="tags among moves"),
        pytest.param('e4 *\n\nEvent "x"]\n\n*', ["e4", 'Event "x"'], id="tag without bracket"),
        pytest.param('e4 *\n[Event "x"\n*\n[Event "y"]\nd4', ["e4", "", "d4"], id="open tag"),
        pytest.param('e4 *\n(1... d5\n\n[Event "b"]\n\nd4', ["e4", "d4"], id="open variation"),
        pytest.param('e4 {x} (\n[A "1"]\nd4', ["e4", "d4"], id="open variation in a game"),
        pytest.param('(\n[A "1"]\nd4', ["d4"], id="open variation before a game"),
        pytest.param("[1. e4 e5 *", ["[ e4 e5"], id="bracket that is no tag"),
        pytest.param(
            '\ufeff[A "1"]\ne4 *\n\ufeff[A "2"]\nd4 *', ["e4", "d4"], id="byte order marks"
        ),
    ],
)
def test_a_text_is_cut_into_its_games(text: str, games: list[str]) -> None:
    assert cut(text) == games


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_kind_of_line_end_will_do(end: str) -> None:
    text = '[Event "a"]\n\n1. e4\ne5 *\n\n[Event "b"]\n\n1. d4 *\n'.replace("\n", end)
    for lines in ([text], text.splitlines(keepends=True)):
        found = list(split_games(lines))
        assert [game.line for game in found] == [1, 6]
        assert found[0].text == '[Event "a"]\n\n1. e4\ne5 *'


def test_a_comment_that_never_ends_costs_only_its_own_game() -> None:
    text = (
        '[Event "a"]\n\n1. e4 {no end\n1... e5 1-0\n\n[Event "b"]\n\n1. d4 d5 *\n\n'
        '[Event "c"]\n\n1. c4 {an end} *\n'
    )
    assert outline(entries(text)) == [
        "broken: a comment that starts here never ends, so moves are lost (line 3)",
        "game of 2",
        "game of 1",
    ]


def test_a_comment_that_never_ends_does_not_harm_the_finished_game_before_it() -> None:
    for tail in ("", '\n\n[Event "b"]\n\n1. d4 *'):
        found = entries("1. e4 e5 1-0\n{and then" + tail)
        assert outline(found[:2]) == [
            "game of 2",
            "broken: a comment that starts here never ends, so moves are lost (line 2)",
        ]
        assert isinstance(found[0], Game)
        assert found[0].pgn == "1. e4 e5 1-0"


def test_pieces_of_a_line_are_joined() -> None:
    assert [game.text for game in split_games(["1. e", "4 e5 ", "*\n", "1. d4"])] == [
        "1. e4 e5 *",
        "1. d4",
    ]


def test_an_overlong_game_is_reported_and_the_next_one_read() -> None:
    filler = "{" + "la " * 30 + "}\n"
    text = '[Event "a"]\n\n' + filler * (MAX_GAME_CHARS // 80) + '\n[Event "b"]\n\n1. e4 *\n'
    found = entries(text)
    assert outline(found) == [
        f"set aside: longer than any real game: over {MAX_GAME_CHARS:,} characters",
        "game of 1",
    ]
    assert found[0].headers == {"Event": "a"}


def test_after_an_overlong_game_without_tags_the_next_first_move_is_found() -> None:
    laps = "Nf3 Nf6 Ng1 Ng8\n" * (MAX_GAME_CHARS // 15)
    assert outline(entries(f"1. e4 *\n\n1. {laps}\n1. d4 *\n")) == [
        "game of 1",
        f"set aside: longer than any real game: over {MAX_GAME_CHARS:,} characters",
        "game of 1",
    ]


def test_a_comment_longer_than_a_game_gives_way_to_the_game_inside() -> None:
    text = "1. e4 {\n" + '[Event "b"]\n\n1. d4 *\n' * (MAX_GAME_CHARS // 20)
    first, second, *_ = split_games(_lines(text))
    assert first.unclosed == 1
    assert second.headers == {"Event": "b"}


def test_an_endless_line_is_read_in_bounded_memory() -> None:
    def endless() -> Iterator[str]:
        yield '[Event "a"]\n\n1. e4 e5 *\n\n2. '
        for _ in range(400):
            yield "Nf3 Nf6 " * 12_500
        yield '\n\n[Event "b"]\n\n1. d4 *\n'

    tracemalloc.start()
    found = outline(list(read_pgn(endless(), "pipe")))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert found[0] == "game of 2"
    assert found[1].startswith("set aside: longer than any real game")
    assert found[2] == "game of 1"
    # 40 MB went through.
    assert peak < 35_000_000


def test_very_many_lines_are_no_game_and_the_next_one_is_read() -> None:
    text = '[Event "a"]\n\n1. e4 e5\n' + ";\n" * MAX_GAME_LINES + '[Event "b"]\n\n1. d4 *\n'
    assert outline(entries(text)) == [
        f"set aside: longer than any real game: over {MAX_GAME_LINES:,} lines",
        "game of 1",
    ]


def test_empty_lines_between_games_are_no_game_however_many() -> None:
    assert cut("e4 *" + "\n" * (MAX_GAME_LINES + 10) + '[Event "b"]\nd4 *') == ["e4", "d4"]


def test_of_very_many_moves_only_so_many_are_kept_as_tell_that_it_is_no_game() -> None:
    (game,) = split_games(["e4 " * (KEPT_MOVES * 3)])
    assert len(game.moves) == KEPT_MOVES + 1
    assert outline(entries("e4 " * KEPT_MOVES))[0].endswith(f"{KEPT_MOVES} plies, the limit is 600")
    assert outline(entries("e4 " * KEPT_MOVES * 3))[0].endswith(
        "over 10,000 plies, the limit is 600"
    )


def test_of_very_many_and_very_long_tags_the_first_and_their_starts_are_kept() -> None:
    tags = "".join(f'[Tag{number} "{number}"]\n' for number in range(300))
    long = f'[White "{"x" * 5_000}"]\n[{"Y" * 300} "y"]\n'
    (game,) = split_games(_lines(f"{long}{tags}\ne4 *"))
    assert game.headers["White"] == "x" * MAX_TAG_CHARS
    assert len(game.headers) == 200
    assert game.headers["Tag198"] == "198"
    assert game.text == f"{long}{tags}\ne4 *"


def test_of_a_very_long_variation_the_start_is_kept() -> None:
    (game,) = split_games(["e4 (" + "d4 d5 " * 1_000 + ") e5 *"])
    assert game.moves[0].alternative == ("d4", "d5") * 300
    assert [move.word for move in game.moves] == ["e4", "e5"]


def test_comments_behind_a_very_long_one_are_not_joined_to_it() -> None:
    long = "x" * 70_000
    (game,) = split_games([f"e4 {{{long}}} {{[%clk 0:00:01]}} e5 {{a}} {{b}} *"])
    assert [move.comment for move in game.moves] == [long, "a b"]


def test_games_on_one_line_come_one_by_one() -> None:
    cutter = split_games(["1. e4 * " * 100_000])
    tracemalloc.start()
    assert sum(1 for _ in cutter) == 100_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_looking_ahead_for_the_end_of_a_comment_ends_after_so_many_lines() -> None:
    asked = itertools.count()
    lines = Lines("\n" for _ in iter(lambda: next(asked), 10 * MAX_GAME_LINES))
    assert not lines.closes_comment(next(lines))
    assert next(asked) <= MAX_GAME_LINES + 10


def test_games_come_as_soon_as_they_are_whole() -> None:
    def slow() -> Iterator[str]:
        yield from ['[Event "a"]\n', "1. e4 *\n", '[Event "b"]\n']
        pytest.fail("nothing more was asked for")

    first = next(read_pgn(slow(), "pipe"))
    assert isinstance(first, Game)
    assert spelled(first) == "e4"


@pytest.mark.parametrize(
    ("before", "games"),
    [("1. e4 *\n1. d4 *\n", 2), ("1. e4 *\n1. d4\n", 1), ("1. e4 *\n{an open comment\n", 1)],
)
def test_a_game_that_was_whole_when_the_input_broke_off_survives(before: str, games: int) -> None:
    def breaking() -> Iterator[str]:
        yield from before.splitlines(keepends=True)
        raise OSError("the disk is gone")

    found: list[Entry] = []
    with pytest.raises(OSError, match="the disk is gone"):
        _gather(read_pgn(breaking(), "disk"), found)
    assert len(found) == games
    assert all(isinstance(entry, Game) for entry in found)


def _gather(source: Iterator[Entry], found: list[Entry]) -> None:
    """Keep what an iterator gives, also if it raises in the end."""
    while (entry := next(source, None)) is not None:
        found.append(entry)


def test_looking_ahead_keeps_lines_and_their_failure_in_order() -> None:
    def breaking() -> Iterator[str]:
        yield from ["a\n", "b\n"]
        raise OSError("the disk is gone")

    lines = Lines(breaking())
    assert next(lines) == "a\n"
    assert not lines.closes_comment("a\n")
    assert next(lines) == "b\n"
    assert lines.number == 2
    with pytest.raises(OSError, match="the disk is gone"):
        next(lines)
