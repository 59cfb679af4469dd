import io
import itertools

import chess
import chess.pgn
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chess_analytics.games.annotate import MoveNote, annotate
from chess_analytics.games.model import Game, Variant
from chess_analytics.games.pgn import read_pgn
from chess_analytics.games.pgn_write import COLUMNS
from tests.builders import game, game_of, games
from tests.games.pgn_builders import game_with_text, moves_of
from tests.shared_data import shared_data

CHESS960 = "bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w GEge - 0 1"
BLACK_FIRST = "r3k2r/pppq1ppp/2npbn2/2b1p3/2B1P3/2NPBN2/PPPQ1PPP/R3K2R b KQkq - 4 8"
STARTS = (chess.STARTING_FEN, CHESS960, BLACK_FIRST)


def read(pgn: str) -> Game:
    entries = list(read_pgn(pgn.splitlines(keepends=True), "test.pgn"))
    assert len(entries) == 1
    assert isinstance(entries[0], Game), entries[0]
    return entries[0]


def read_by_python_chess(pgn: str) -> chess.pgn.Game:
    text = io.StringIO(pgn)
    root = chess.pgn.read_game(text)
    assert root is not None
    assert not root.errors
    assert chess.pgn.read_game(text) is None
    return root


def test_a_judged_move_carries_evaluation_glyph_sentence_and_better_line() -> None:
    note = MoveNote(
        ply=3,
        score=(-23, None),
        nag=6,
        comment="Inaccuracy. Nf3 was best.",
        better=("g1f3", "b8c6", "f1b5"),
    )
    assert moves_of(annotate(game("1. e4 e5 2. Qh5 Nc6"), [note])) == (
        "1. e4 e5 2. Qh5 $6 { [%eval -0.23] Inaccuracy. Nf3 was best. } "
        "(2. Nf3 Nc6 3. Bb5) 2... Nc6 *"
    )


@pytest.mark.parametrize(
    ("score", "depth", "written"),
    [
        ((23, None), None, "[%eval 0.23]"),
        ((0, None), None, "[%eval 0.00]"),
        ((-1234, None), 20, "[%eval -12.34,20]"),
        ((None, 3), None, "[%eval #3]"),
        ((None, -3), 12, "[%eval #-3,12]"),
    ],
)
def test_evaluations_are_written_as_lichess_writes_them(
    score: tuple[int | None, int | None], depth: int | None, written: str
) -> None:
    note = MoveNote(1, score, depth)
    assert moves_of(annotate(game("1. e4"), [note])) == f"1. e4 {{ {written} }} *"


def test_a_move_without_a_score_loses_the_old_evaluation_and_gets_none() -> None:
    line = game("1. e4 { [%eval 0.3] } e5 { [%eval 0.2] }")
    assert moves_of(annotate(line, [MoveNote(1)])) == "1. e4 e5 { [%eval 0.2] } *"
    assert moves_of(annotate(line, [MoveNote(1, (None, None))])) == "1. e4 e5 { [%eval 0.2] } *"


def test_clocks_and_the_players_own_words_and_variations_stay() -> None:
    text = """
        { Round one } 1. e4 $14 { [%clk 0:05:00] I was nervous. [%eval 0.3] } (1. d4 { solid } d5 (
        1... Nf6 )) 1... e5 ; on principle
        { [%csl Gd4][%cal Gb1c3] } 2. Qh5 $5 { [%clk 0:04:58] } *
    """
    note = MoveNote(1, (12, None), comment="Fine.")
    assert moves_of(annotate(game_with_text(text), [note])) == (
        "{ Round one } 1. e4 $14 { [%eval 0.12] [%clk 0:05:00] I was nervous. Fine. } "
        "(1. d4 { solid } 1... d5 (1... Nf6)) "
        "1... e5 { on principle [%csl Gd4][%cal Gb1c3] } 2. Qh5 $5 { [%clk 0:04:58] } *"
    )


@pytest.mark.parametrize(
    "pgn",
    [
        '[Event "x"]\n\n1. e4 { words } 1... e5 *\n',
        '[Event "x"] 1. e4 { words } 1... e5 *\n',
        '[Event "x"]\n\n1. e4 { words }\n\n1... e5 *\n',
        '[Event "x"]\r\n\r\n1. e4 { words }\r\n1... e5 *\r\n',
        '\ufeff[Event "x"]\n\n1. e4 ; words\n1... e5 *\n',
        '[Event "a "b" c"]\n[Site "?"]\n\n1. e4 { words } 1... e5 *\n',
        '[Event "x"]\n% escaped\n\n1. e4 ( ) { words } e5 *\n',
        "e4{words}e5",
    ],
)
def test_a_persons_words_survive_an_odd_layout(pgn: str) -> None:
    line = read(pgn)
    assert moves_of(annotate(line, [MoveNote(1, comment="Ours.")])) == (
        "1. e4 { words Ours. } 1... e5 *"
    )


@pytest.mark.parametrize(
    ("old", "new", "kept"),
    [
        ("$4", 6, "$6"),
        ("$1 $4 $14", 2, "$2 $14"),
        ("$5", 3, "$3"),
        ("$4 $16", None, "$4 $16"),
        ("$3", None, "$3"),
        ("$5", None, "$5"),
    ],
)
def test_our_judgment_takes_the_place_of_an_older_one(old: str, new: int | None, kept: str) -> None:
    assert moves_of(annotate(game(f"1. e4 {old} e5"), [MoveNote(1, nag=new)])) == (
        f"1. e4 {kept} e5 *"
    )


def test_a_better_line_goes_on_along_a_variation_of_the_player() -> None:
    line = game("1. e4 e5 2. Qh5 (2. Nf3 { of course } Nc6 3. Bc4) 2... Nc6")
    note = MoveNote(3, better=("g1f3", "b8c6", "f1b5", "a7a6"))
    assert moves_of(annotate(line, [note])) == (
        "1. e4 e5 2. Qh5 (2. Nf3 { of course } 2... Nc6 3. Bc4 (3. Bb5 a6)) 2... Nc6 *"
    )


def test_the_played_move_needs_no_variation_of_its_own() -> None:
    note = MoveNote(1, better=("e2e4", "e7e5"))
    assert moves_of(annotate(game("1. e4 c5"), [note])) == "1. e4 c5 *"


@pytest.mark.parametrize("rest", ["e1e8", "nonsense", "", "0000"])
def test_a_better_line_is_cut_where_it_is_not_legal(rest: str) -> None:
    note = MoveNote(1, better=("d2d4", rest, "c2c4"))
    written = moves_of(annotate(game("1. e4 c5"), [note]))
    assert written.startswith("1. e4 (1. d4")
    assert "c4" not in written


def test_a_sentence_cannot_break_out_of_its_comment() -> None:
    sly = 'a } 1. h4 { "quoted" \\ [%eval 9.99]\n[Event "x"]\n%\n; '
    pgn = annotate(game("1. e4 e5"), [MoveNote(1, comment=sly)])
    again = read(pgn)
    assert [move.written for move in again.moves] == ["e4", "e5"]
    assert again.moves[0].supplied is None
    assert read_by_python_chess(pgn).end().ply() == 2
    assert moves_of(pgn) == (
        '1. e4 { a ) 1. h4 ( "quoted" \\ [ %eval 9.99] [Event "x"] % ; } 1... e5 *'
    )


def test_tags_are_escaped_and_the_seven_of_the_standard_come_first() -> None:
    line = game("1. e4", white='Ann "Ace" O\\Neil', tags={"Annotator": "me", "WhiteElo": "1500"})
    pgn = annotate(line, [], headers={"Event": "Two\nlines"})
    assert pgn.splitlines()[:9] == [
        '[Event "Two lines"]',
        '[Site "?"]',
        '[Date "????.??.??"]',
        '[Round "?"]',
        '[White "Ann \\"Ace\\" O\\\\Neil"]',
        '[Black "?"]',
        '[Result "*"]',
        '[Annotator "me; chess-analytics"]',
        '[WhiteElo "1500"]',
    ]
    assert read(pgn).headers["White"] == 'Ann "Ace" O\\Neil'


def test_a_long_comment_is_wrapped_between_its_words_and_commands() -> None:
    words = " ".join(["word", "[%csl Ge4,Rd5]", "100", "% sure"] * 20)
    pgn = annotate(game_with_text(f"1. e4 {{ {words} }} e5"), [MoveNote(1, (5, None))])
    lines = pgn.splitlines()
    assert all(len(line) <= COLUMNS for line in lines)
    assert all(line.count("[%") == line.count("]") for line in lines[8:])
    assert not any(line.startswith("%") for line in lines)
    assert moves_of(pgn) == f"1. e4 {{ [%eval 0.05] {words} }} 1... e5 *"


@pytest.mark.parametrize(
    ("fen", "variant"),
    [(CHESS960, Variant.CHESS960), (BLACK_FIRST, Variant.STANDARD)],
)
def test_the_start_and_the_rules_are_written_where_they_are_not_the_usual_ones(
    fen: str, variant: Variant
) -> None:
    chess960 = variant is Variant.CHESS960
    move = next(iter(chess.Board(fen, chess960=chess960).legal_moves))
    pgn = annotate(game_of([move], fen=fen, chess960=chess960), [MoveNote(1, (1, None))])
    assert read(pgn).variant is variant
    assert chess.Board(read(pgn).initial_fen).piece_map() == chess.Board(fen).piece_map()
    assert read_by_python_chess(pgn).board().chess960 is chess960


def test_a_start_that_was_not_meant_is_not_written() -> None:
    # SetUp "0" says that FEN is not where the game starts.
    line = game_with_text("1. e4 *", SetUp="0", FEN="4k3/8/8/8/8/8/4P3/4K3 w - - 0 1")
    assert line.initial_fen == chess.STARTING_FEN
    again = annotate(line, [])
    assert "FEN" not in again
    assert "SetUp" not in again


def test_castling_in_chess960_is_written_as_castling() -> None:
    fen = "4k3/8/8/8/8/8/8/RK4R1 w AG - 0 1"
    line = game_of(["b1c1"], fen=fen, chess960=True)
    assert "(1. O-O)" in annotate(line, [MoveNote(1, better=("b1g1",))])


def test_a_game_whose_text_says_something_else_is_written_from_its_moves() -> None:
    line = game("1. e4 e5 2. Nf3", clocks=[60, 59.5], elapsed=[1], evals=[30, "#-2"], result="1-0")
    other = game("1. d4 { lost words } d5").pgn
    torn = Game(line.headers, line.variant, line.initial_fen, line.moves, line.result, other,
                line.place)  # fmt: skip
    assert moves_of(annotate(torn, [MoveNote(2, (-40, None))])) == (
        "1. e4 { [%eval 0.30] [%clk 0:01:00] [%emt 0:00:01] } "
        "1... e5 { [%eval -0.40] [%clk 0:00:59.5] } 2. Nf3 1-0"
    )


@pytest.mark.parametrize("ply", [0, 3, -1])
def test_a_note_for_a_ply_that_was_not_played_is_refused(ply: int) -> None:
    with pytest.raises(ValueError, match=f"ply {ply}, but test.pgn: game 1, line 1 has 2"):
        annotate(game("1. e4 e5"), [MoveNote(ply)])


SCORES = st.one_of(
    st.none(),
    st.tuples(st.integers(-9999, 9999), st.none()),
    st.tuples(st.none(), st.integers(-200, 200).filter(bool)),
)
SENTENCES = st.one_of(
    st.none(),
    st.text(max_size=200),
    st.text('{}[]%;()$ \n"\\ae1.', max_size=200),
    st.sampled_from(["Mistake. Nf3 was best.", "Blunder. Qh5# was best. Look at checks first."]),
)


# What a person may have written of a move, with a glyph; some of it sounds like a machine.
OPINIONS = st.sampled_from(
    [
        "",
        "{ I dislike this move. a3 was best. }",
        "$2",
        "$4 { Blunder. }",
        "$6 { My coach says: Mistake. a3 was best. }",
        "$2 { [%eval 0.4] Tired. Mistake. a3 was best. Nc6 was best. }",
        "{ Lost Mistake. forced checkmate sequence. Blunder. }",
        "{ [%clk 0:01:00] Mistake. Mistake. a3 was best. Nc6 was best. }",
    ]
)


@st.composite
def annotated_games(draw: st.DrawFn) -> tuple[Game, list[MoveNote]]:
    """Draw a game with comments in its text, and notes for some of its plies."""
    line = draw(games(max_plies=16, starts=STARTS).filter(lambda line: len(line.moves) > 0))
    plies = draw(st.lists(st.integers(1, len(line.moves)), unique=True, max_size=6))
    first = [draw(notes(line, ply)) for ply in plies]
    # Our own output is the richest input: comments, glyphs, variations, and evaluations.
    told = annotate(line, first) if draw(st.booleans()) else line.pgn
    if draw(st.booleans()):
        # Before a game's result, which ends its text, stands its last move.
        head, _, result = told.rstrip().rpartition(" ")
        told = f"{head} {draw(OPINIONS)} {result}\n"
    again = draw(st.lists(st.integers(1, len(line.moves)), unique=True, max_size=6))
    return read(told), [draw(notes(line, ply)) for ply in again]


@st.composite
def notes(draw: st.DrawFn, line: Game, ply: int) -> MoveNote:
    board = chess.Board(line.initial_fen, chess960=line.variant is Variant.CHESS960)
    for played in line.moves[: ply - 1]:
        board.push(played.move)
    better = []
    for choice in draw(st.lists(st.integers(0, 999), max_size=4)):
        legal = sorted(board.legal_moves, key=chess.Move.uci)
        if legal:
            better.append(board.uci(legal[choice % len(legal)]))
            board.push(legal[choice % len(legal)])
    return MoveNote(
        ply=ply,
        score=draw(SCORES),
        depth=draw(st.none() | st.integers(0, 99)),
        nag=draw(st.sampled_from([None, 1, 2, 3, 4, 6])),
        comment=draw(SENTENCES),
        better=tuple(better),
    )


@given(annotated_games())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_annotating_keeps_moves_tags_and_result(drawn: tuple[Game, list[MoveNote]]) -> None:
    line, given_notes = drawn
    again = read(annotate(line, given_notes))
    assert [move.move for move in again.moves] == [move.move for move in line.moves]
    # The start is written in one spelling, whatever that of the input.
    assert {**again.headers, "FEN": ""} == {**again.headers, **line.headers, "FEN": ""}
    assert (again.initial_fen, again.variant) == (line.initial_fen, line.variant)
    assert again.result is line.result


@given(annotated_games())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_annotating_twice_is_annotating_once(drawn: tuple[Game, list[MoveNote]]) -> None:
    line, given_notes = drawn
    once = annotate(line, given_notes)
    assert annotate(read(once), given_notes) == once


@given(annotated_games())
@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_what_was_annotated_is_read_back(drawn: tuple[Game, list[MoveNote]]) -> None:
    line, given_notes = drawn
    pgn = annotate(line, given_notes)
    ours, theirs = read(pgn), list(read_by_python_chess(pgn).mainline())
    for note in given_notes:
        supplied = ours.moves[note.ply - 1].supplied
        score = theirs[note.ply - 1].eval()
        assert (supplied and (supplied.cp, supplied.mate)) == note.score
        assert (score and (score.white().score(), score.white().mate())) == note.score
        assert not note.score or theirs[note.ply - 1].eval_depth() == note.depth
        assert note.nag is None or note.nag in theirs[note.ply - 1].nags


@pytest.mark.shared
@pytest.mark.parametrize(
    "name",
    [
        "gold/lichess_study_annotated.pgn",
        "archives/chesscom_apuzanov.pgn",
        "pgn_torture/pgn4web__chess-informant-sample.pgn",
        "pgn_torture/lichess-study__study1.pgn",
        "pgn_torture/python-chess__pgn_kasparov-deep-blue-1997.pgn",
        "pgn_torture/crafted__deep_nesting_2000.pgn",
    ],
)
def test_real_games_keep_their_comments_and_variations(name: str) -> None:
    with shared_data(name).open(encoding="utf-8", errors="replace") as text:
        entries = list(itertools.islice(read_pgn(text, name), 25))
    lines = [entry for entry in entries if isinstance(entry, Game)]
    assert lines
    for line in lines:
        note = MoveNote(1, (10, None), nag=1)
        pgn = annotate(line, [note])
        assert [move.move for move in read(pgn).moves] == [move.move for move in line.moves]
        assert annotate(read(pgn), [note]) == pgn
        # Every word of a person's comment, and every bracket of a variation, is still there.
        for word in ("best", "mate", "better", "wins", "%clk"):
            assert pgn.count(word) == " ".join(line.pgn.split()).count(word)
