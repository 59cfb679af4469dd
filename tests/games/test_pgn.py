"""What is read from the PGN of a game."""

import io
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.games.model import Game, Place, Result, SetAside, Side, Site, Variant
from chess_analytics.games.pgn import read_headers, read_one_game, read_pgn
from tests.games.pgn_builders import MORPHY, entries, only_game, outline, spelled


def test_a_game_is_read_with_its_tags_moves_and_place() -> None:
    game = only_game(f'[Event "Opera"]\n[White "Morphy"]\n[Result "1-0"]\n\n{MORPHY} 1-0\n')
    assert dict(game.headers) == {"Event": "Opera", "White": "Morphy", "Result": "1-0"}
    assert len(game.moves) == 33
    assert game.moves[0].move.uci() == "e2e4"
    assert game.moves[-1].written == "Rd8#"
    assert [move.ply for move in game.moves] == list(range(1, 34))
    assert game.result is Result.WHITE_WON
    assert game.place == Place("sample.pgn", 1, 1)
    assert game.player(Side.WHITE).name == "Morphy"
    assert game.site is Site.OTHER


def test_the_text_of_a_game_is_kept_as_it_came() -> None:
    text = '[Event "x"]\n\n1. e4 {good;  really} e5 ; so\n% to programs\n2. Nf3 $1 (2. f4) *'
    assert only_game(f"\n\n{text}\n\n\n").pgn == text


@pytest.mark.parametrize(
    ("tag", "terminator", "moves", "expected"),
    [
        ("1-0", "1-0", "1. e4 e5", Result.WHITE_WON),
        ("0-1", "1-0", "1. e4 e5", Result.WHITE_WON),
        ("0-1", "", "1. e4 e5", Result.BLACK_WON),
        ("1-0", "*", "1. e4 e5", Result.WHITE_WON),
        ("1/2-1/2", "1/2", "1. e4 e5", Result.DRAW),
        ("*", "½-½", "1. e4 e5", Result.DRAW),
        ("?", "*", "1. e4 e5", Result.UNKNOWN),
        ("*", "", "1. f3 e5 2. g4 Qh4#", Result.BLACK_WON),
        ("1-0", "1-0", "1. f3 e5 2. g4 Qh4#", Result.BLACK_WON),
        ("0-1", "", MORPHY, Result.WHITE_WON),
    ],
)
def test_a_mate_outweighs_the_terminator_and_that_the_tag(
    tag: str, terminator: str, moves: str, expected: Result
) -> None:
    assert only_game(f'[Result "{tag}"]\n\n{moves} {terminator}\n').result is expected


def test_a_stalemate_is_a_draw_where_no_result_is_told() -> None:
    fen = '[FEN "7k/8/5KQ1/8/8/8/8/8 w - - 0 1"]\n\n'
    assert only_game(f"{fen}1. Qf7").result is Result.DRAW
    assert only_game(f"{fen}1. Qe4").result is Result.UNKNOWN


def test_variations_glyphs_and_comments_do_not_disturb_the_moves() -> None:
    text = (
        "$10 1. e4! {a (comment) [with] 1-0 *} e5?! (1... c5 (1... e6 {x}) 2. Nf3 1-0) 2. Nf3 $1 "
        "Nc6 +/= N 3. Bb5 ; rest of line 3. Bc4 *\n% escaped 3. d4\n3... a6 □ *"
    )
    assert spelled(only_game(text)) == "e4 e5 Nf3 Nc6 Bb5 a6"


def test_brackets_without_partners_are_passed_over() -> None:
    assert spelled(only_game("1. e4 ) e5 } 2. Nf3 ] Nc6 (2... d6 *")) == "e4 e5 Nf3 Nc6"


def test_two_thousand_nested_variations_are_no_burden() -> None:
    nested = "(1... c5 " * 2000 + ")" * 2000
    assert spelled(only_game(f"1. e4 e5 {nested} 2. Nf3 *")) == "e4 e5 Nf3"


def test_tags_are_unescaped_and_unquoted_ones_still_read() -> None:
    headers = only_game(
        '[Event "a \\"b\\" \\\\ c"]\n[Site "say "hi" there"]\n[ Round"7"]\n[WhiteTeam ""]\n'
        "[Oops]\n1. e4 *"
    ).headers
    assert headers == {
        "Event": 'a "b" \\ c',
        "Site": 'say "hi" there',
        "Round": "7",
        "WhiteTeam": "",
    }


def test_a_move_number_alone_is_no_move() -> None:
    assert spelled(only_game("1.e4 1... e5 2 Nf3 2. ... Nc6\n3.\nBb5 3… a6 4 . O-O *")) == (
        "e4 e5 Nf3 Nc6 Bb5 a6 O-O"
    )


def test_what_is_no_game_is_named_with_its_reason() -> None:
    text = """[Event "tags only"]
[Result "1-0"]

1-0

[Event "slip"]

1. e4 e5 2. Nf3 d6
3. Qb9 Nf6 *

[Event "illegal"]

1. e4 e5 2. Ke3 *

[Event "ambiguous"]

1. Nf3 d5 2. d4 Nf6 3. Nd2 *

[Event "prose"]

1. pawn goes to e4 *

[Event "null"]

1. e4 -- 2. d4 *

[Event "null with a check"]

1. e4 --+ 2. d4 *

[Event "drop"]
[FEN "4k3/8/8/8/8/8/8/4K3 w - - 0 30"]

30. N@e4 *
"""
    assert outline(entries(text)) == [
        "set aside: no moves",
        'broken: move 3 of White: "Qb9" is not a legal move here (line 9)',
        'broken: move 2 of White: "Ke3" is not a legal move here (line 13)',
        'broken: move 3 of White: "Nd2" is ambiguous: more than one piece can move there (line 17)',
        'broken: move 1 of White: "pawn" cannot be read as a move (line 21)',
        'set aside: a null move: move 1 of Black ("--")',
        'set aside: a null move: move 1 of Black ("--+")',
        "set aside: variant: Crazyhouse or Bughouse: move 30 of White drops a piece",
    ]
    assert [entry.place.line for entry in entries(text)] == [1, 6, 11, 15, 19, 23, 27, 31]


def test_a_long_word_is_cut_in_the_message() -> None:
    (entry,) = entries("1. e4 " + "q" * 5000)
    assert len(outline([entry])[0]) < 200


def test_reasons_to_set_aside_are_few_and_details_stand_apart() -> None:
    texts = ["1. -- *", "1. e4 -- *", "1. e4 N@f3", "1. N@f3 *"]
    texts += [f"{'Nf3 Nf6 Ng1 Ng8 ' * 150} {'Nf3 ' * more}" for more in (1, 2)]
    found = [entry for text in texts for entry in entries(text)]
    assert Counter(entry.reason for entry in found if isinstance(entry, SetAside)) == {
        "a null move": 2,
        "variant: Crazyhouse or Bughouse": 2,
        "longer than any real game": 2,
    }
    assert len({entry.detail for entry in found if isinstance(entry, SetAside)}) == len(texts)


def test_a_game_longer_than_any_real_one_is_set_aside() -> None:
    laps = "Nf3 Nf6 Ng1 Ng8 "
    assert outline(entries(laps * 150)) == ["game of 600"]
    assert outline(entries(laps * 151)) == [
        "set aside: longer than any real game: 604 plies, the limit is 600"
    ]


def test_chess960_is_read_with_its_castling() -> None:
    game = only_game(
        '[Variant "Chess960"]\n[FEN "bqnbnrkr/pppppppp/8/8/8/8/PPPPPPPP/BQNBNRKR w KQkq - 0 1"]\n\n'
        "1. g3 g6 2. f3 f6 3. Ng2 Ng7 4. Re1 Re8 *"
    )
    assert game.variant is Variant.CHESS960
    assert len(game.moves) == 8


def test_clocks_times_and_evaluations_are_kept_with_their_moves() -> None:
    game = only_game(
        "1. e4 { [%eval 0.24] [%clk 0:10:00] } 1... e5 {hm} {[%clk\n0:09:58.7]} "
        "(1... c5 {[%clk 9:9:9]}) 2. Nf3 {[%emt 0:00:07]} Nc6 {[%eval #-3,12]} "
        "3. Bb5 [%clk 0:09:00] *"
    )
    assert [move.clock_s for move in game.moves] == [600, 598.7, None, None, 540]
    assert [move.elapsed_s for move in game.moves] == [None, None, 7, None, None]
    first, mate = game.moves[0].supplied, game.moves[3].supplied
    assert first is not None
    assert (first.cp, first.mate) == (24, None)
    assert mate is not None
    assert (mate.cp, mate.mate, mate.depth) == (None, -3, 12)


def test_the_better_move_that_lichess_names_is_kept_with_its_variation() -> None:
    game = only_game(
        "1. e4 e5 2. Nf3 f6? { (0.3 → 1.4) Mistake. Nc6 was best. } { [%eval 1.4] } "
        "(2... Nc6 3. Bb5 (3. Bc4) a6) 3. Bc4 { [%eval 0.5] Inaccuracy. Nxe5 was best. } *"
    )
    mistake, inaccuracy = game.moves[3].supplied, game.moves[4].supplied
    assert mistake is not None
    assert (mistake.best, mistake.variation) == ("b8c6", ("Nc6", "Bb5", "a6"))
    assert inaccuracy is not None
    assert (inaccuracy.best, inaccuracy.variation) == ("f3e5", ())


def test_another_players_variation_is_not_taken_for_the_engines() -> None:
    game = only_game("1. e4 { [%eval 0.2] I like 1. d4 } (1. d4 d5) e5 { Nc6 was best. } *")
    assert game.moves[0].supplied is not None
    assert game.moves[0].supplied.best is None
    assert game.moves[1].supplied is None


def test_a_single_game_takes_missing_tags_from_its_surroundings() -> None:
    place = Place("api", 4, None)
    game = read_one_game('[White "A"]\n\n1. e4 e5 *', place, {"White": "B", "Black": "C"})
    assert isinstance(game, Game)
    assert dict(game.headers) == {"White": "A", "Black": "C"}
    assert game.place == place
    found = [read_one_game(text, place, {}) for text in ("", "1. e4 *\n1. d4 *")]
    assert outline(found) == [
        "set aside: no moves",
        "broken: there are 2 games where one was expected (line None)",
    ]


def test_tags_can_be_read_alone() -> None:
    assert read_headers('[White "A"]\n[Black "B"]\n\n1. nonsense') == {"White": "A", "Black": "B"}
    assert read_headers("") == {}


@given(st.text(alphabet=st.characters(codec="utf-8")))
def test_no_text_at_all_makes_the_reader_fail(text: str) -> None:
    numbers = [entry.place.number for entry in entries(text)]
    assert numbers == list(range(1, len(numbers) + 1))


_PIECES = [
    "[",
    "]",
    '[Event "x"]',
    "{",
    "}",
    "(",
    ")",
    ";",
    "%",
    "\n",
    "\n\n",
    "1-0",
    "*",
    "e4",
    "e5",
]


@given(
    st.lists(st.sampled_from([*_PIECES, "1.", "Nf3", "[%clk 0:1:2]", '"', "\\", " ", "$3", "--"]))
)
def test_no_order_of_pgns_own_pieces_makes_the_reader_fail(pieces: list[str]) -> None:
    text = "".join(pieces)
    found = entries(text)
    for entry in found:
        assert entry.place.line is not None
        assert 1 <= entry.place.line <= text.count("\n") + 1
    again = list(read_pgn(io.StringIO(text), "sample.pgn"))
    assert outline(again) == outline(found)
