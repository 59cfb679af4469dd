"""Hundred files of hard and broken PGN: what each of them must give."""

import json
from collections import Counter

import pytest

from chess_analytics.games.model import Entry, Game, Result
from chess_analytics.sources.files import read_paths
from tests.games.pgn_builders import MORPHY, outline
from tests.shared_data import shared_data

pytestmark = pytest.mark.shared

OPERA = "game of 33"

NO_PIECES = "the board is empty, White has no king, Black has no king"

CRAFTED = {
    "ambiguous_move": [
        'broken: move 3 of White: "Nd2" is ambiguous: more than one piece can move there (line 4)',
        "game of 2",
    ],
    "bad_fen": [
        f"broken: the start position is impossible: {NO_PIECES} (line None)",
        'broken: the start position cannot be read: "not a fen" (line None)',
    ],
    "chess960": ["game of 4"],
    "cr_only": [OPERA],
    "crlf": [OPERA],
    "deep_nesting_2000": [OPERA],
    "empty_file": [],
    "eval_weird": [OPERA],
    "fen_black_to_move": ["game of 3"],
    "gzip_named_pgn": [OPERA],
    "html_in_names": [OPERA],
    "illegal_move": ['broken: move 7 of White: "Qb9" is not a legal move here (line 9)', OPERA],
    "latin1_names": [OPERA],
    "missing_result": [OPERA],
    "nested_variations": [OPERA],
    "no_blank_line_between_games": [OPERA] * 3,
    "null_moves": ['set aside: a null move: move 1 of Black ("--")'],
    "promotion_styles": ["game of 1"] * 6,
    "result_tag_conflict": [OPERA],
    "stray_close_paren": [OPERA],
    "ten_same_games": [OPERA] * 10,
    "truncated_mid_move": ["game of 18"],
    "unterminated_comment": [
        "broken: a comment that starts here never ends, so moves are lost (line 9)",
        OPERA,
    ],
    "utf16le_bom": [OPERA],
    "very_long_line": ["set aside: longer than any real game: 6000 plies, the limit is 600"],
    "zero_castling": ["game of 10"],
}

_BLANK_LINE = "python-chess ends a game at the blank line after a comment"
_VARIANT = "other rules: set aside"
_OWN_ESCAPES = "Kokopu's own backslash before a brace is no PGN: one game is broken"

# Games, set aside, broken and plies, where they differ from what python-chess reads, and why.
DIFFERENT = {
    "dartchess__headers-and-moves-on-the-same-line.pgn": ((0, 3, 0, 0), _VARIANT),
    "kokopu__games_escaped-text_database.pgn": ((0, 0, 1, 0), _OWN_ESCAPES),
    "kokopu__games_long-short-comments-variations-2_database.pgn": ((1, 0, 0, 6), _BLANK_LINE),
    "kokopu__games_variant-no-king_database.pgn": ((0, 1, 0, 0), _VARIANT),
    "kokopu__pgns_horde_database.pgn": ((0, 1, 0, 0), _VARIANT),
    "kokopu__pgns_linebreak-mac_database.pgn": ((0, 0, 1, 0), "line ends are CR; 1. e5 is illegal"),
    "kokopu__pgns_misc_database.pgn": ((13, 1, 1, 110), _BLANK_LINE + "; " + _OWN_ESCAPES),
    "kokopu__pgns_optional-kings_database.pgn": ((0, 3, 0, 0), _VARIANT),
    "kokopu__pgns_syntactic-error-1_database.pgn": (
        (11, 6, 6, 22),
        "python-chess passes over words that it cannot read, and counts blank lines",
    ),
    "kokopu__pgns_syntactic-error-3_database.pgn": ((0, 0, 1, 0), "it finds «-- » in an arrow"),
    "lichess-variants__test.pgn": ((14, 1, 0, 892), _VARIANT),
    "pgn-extract__barnes-horton.pgn": ((1, 0, 0, 72), _BLANK_LINE),
    "pgn-extract__nested-comment.pgn": (
        (0, 0, 1, 0),
        "comments do not nest: what follows the first } is no move, and a -- in it no null move",
    ),
    "pgn-extract__test-F-text.pgn": ((1, 0, 0, 72), _BLANK_LINE),
    "pgn-extract__test-Ta.pgn": ((1, 0, 0, 72), _BLANK_LINE),
    "pgn-extract__test-checkmate.pgn": ((2, 0, 0, 76), _BLANK_LINE),
    "pgn-extract__test-fuzzydepth.pgn": ((4, 0, 0, 20), "a result ends a game, also on one line"),
    "pgn-extract__test-nochecks.pgn": ((2, 0, 0, 76), _BLANK_LINE),
    "pgn-extract__test-stalemate.pgn": ((3, 0, 0, 178), _BLANK_LINE),
    "pgn4web__demoGames.pgn": ((2, 0, 0, 175), _BLANK_LINE),
    "pgn4web__test.pgn": (
        (14, 1, 1, 82),
        "games on one line, and tags with spaces; null moves and garbage are not games",
    ),
    "python-chess__pgn_anastasian-lewis.pgn": ((0, 1, 0, 0), "it ends with a null move"),
    "python-chess__pgn_saturs-jannlee-zh-lichess.pgn": ((0, 1, 0, 0), _VARIANT),
    "scalachess__FWWRC.pgn": ((0, 605, 0, 0), "605 headers without moves, not one"),
}


def _read(name: str) -> list[Entry]:
    return list(read_paths([str(shared_data("pgn_torture") / name)]))


@pytest.mark.parametrize("name", CRAFTED)
def test_a_crafted_file_gives_exactly_what_it_should(name: str) -> None:
    assert outline(_read(f"crafted__{name}.pgn")) == CRAFTED[name]


def test_twenty_five_glued_games_are_twenty_five_games() -> None:
    found = _read("crafted__glued_chesscom_25.pgn")
    assert [type(entry) for entry in found] == [Game] * 25
    assert sum(len(entry.moves) for entry in found if isinstance(entry, Game)) == 1828
    assert len({entry.headers["Link"] for entry in found}) == 25


def test_the_crafted_table_covers_every_crafted_file() -> None:
    files = {path.name for path in shared_data("pgn_torture").glob("crafted__*.pgn")}
    assert files == {f"crafted__{name}.pgn" for name in [*CRAFTED, "glued_chesscom_25"]}


def test_every_other_file_gives_what_python_chess_reads_or_a_named_difference() -> None:
    expected = json.loads((shared_data("pgn_torture") / "expected.json").read_text())
    others = {name: known for name, known in expected.items() if name[:9] != "crafted__"}
    assert len(others) == 73
    wanted = {name: _as_python_chess(known) for name, known in others.items()}
    wanted |= {name: counts for name, (counts, _) in DIFFERENT.items()}
    assert {name: _counts(name) for name in others} == wanted


def _as_python_chess(known: dict[str, int]) -> tuple[int, int, int, int]:
    without_moves = known["games"] - known["games_with_moves"]
    return known["games_with_moves"], without_moves, 0, known["mainline_plies"]


def _counts(name: str) -> tuple[int, int, int, int]:
    found = _read(name)
    kinds = Counter(type(entry).__name__ for entry in found)
    plies = sum(len(entry.moves) for entry in found if isinstance(entry, Game))
    return kinds["Game"], kinds["SetAside"], kinds["Broken"], plies


def test_names_in_old_encodings_are_not_garbled() -> None:
    (game,) = _read("crafted__latin1_names.pgn")
    assert game.headers["White"] == "Müller, Jürgen"
    assert game.headers["Black"] == "Señor Duke Karl / Count Isouard"


def test_a_result_that_is_missing_or_wrong_is_seen_on_the_board() -> None:
    for name in ("missing_result", "result_tag_conflict"):
        (game,) = _read(f"crafted__{name}.pgn")
        assert isinstance(game, Game)
        assert game.result is Result.WHITE_WON


def test_odd_evaluations_are_read_or_left_out() -> None:
    (game,) = _read("crafted__eval_weird.pgn")
    assert isinstance(game, Game)
    given = [move.supplied for move in game.moves]
    assert [(s.cp, s.mate, s.depth) for s in given if s] == [
        (30, None, 12),
        (None, -3, None),
        (125, None, None),
    ]


def test_the_opera_game_is_the_opera_game_however_it_is_wrapped() -> None:
    expected = [word for word in MORPHY.split() if not word.endswith(".")]
    for name, lines in CRAFTED.items():
        if lines == [OPERA]:
            (game,) = _read(f"crafted__{name}.pgn")
            assert isinstance(game, Game)
            assert [move.written for move in game.moves] == expected


def test_uci_moves_are_understood() -> None:
    (game,) = _read("python-chess__pgn_uci-moves.pgn")
    assert isinstance(game, Game)
    assert len(game.moves) == 113
    assert [move.written for move in game.moves if move.move.uci() == "e1c1"] == ["e1c1"]
