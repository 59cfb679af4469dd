"""Annotating a game that others have annotated: a machine's words go, a person's stay."""

import pytest

from chess_analytics.games.annotate import MoveNote, annotate
from tests.builders import game
from tests.games.pgn_builders import game_with_text, moves_of, only_game


@pytest.mark.parametrize(
    "comment",
    [
        "{ [%eval -2.1] }",
        "{ [%eval -2.1] [%clk 0:01:00] Blunder. d4 was best. }",
        "{ Blunder. d4 was best. }",
        "{ (0.21 → -3.30) Blunder. Best move was: d4 }",
        "{ I was tired Blunder. d4 was best. } (1. d4)",
    ],
)
def test_a_machines_blame_goes_where_we_do_not_share_it(comment: str) -> None:
    line = game_with_text(f"1. e4 $4 $14 {comment} 1... e5 *")
    written = moves_of(annotate(line, [MoveNote(1, (30, None))]))
    assert written.startswith("1. e4 $14 { [%eval 0.30]")
    assert "Blunder" not in written
    assert ("tired" in written) == ("tired" in comment)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "I dislike this move. Nf6 was best.",
        "Nf6 was best.",
        "That was no Mistake.",
        "I thought for an hour. Blunder.",
        "My coach says: Mistake. Nf3 was best.",
    ],
)
@pytest.mark.parametrize("glyph", ["$2", "$4", "$6"])
def test_what_a_person_wrote_stays_however_often_we_annotate(words: str, glyph: str) -> None:
    comment = f"{{ {words} }} " if words else ""
    line = game_with_text(f"1. e4 {glyph} {comment}1... e5 *")
    for note, ours in ((MoveNote(1, (30, None)), "[%eval 0.30]"), (MoveNote(1), "")):
        once = annotate(line, [note])
        said = " ".join(filter(None, [ours, words]))
        assert moves_of(once) == (
            f"1. e4 {glyph} {{ {said} }} 1... e5 *" if said else f"1. e4 {glyph} e5 *"
        )
        assert annotate(only_game(once), [note]) == once


def test_a_persons_opinion_stays_where_an_evaluation_stands_beside_it() -> None:
    line = game_with_text("1. e4 { [%eval 0.1] I dislike this move. d4 was best. } 1... e5 *")
    assert moves_of(annotate(line, [MoveNote(1, (30, None))])) == (
        "1. e4 { [%eval 0.30] I dislike this move. d4 was best. } 1... e5 *"
    )


def test_the_better_move_of_a_game_that_came_as_json_is_not_told_twice() -> None:
    line = game_with_text("1. e4 { [%eval -0.9] } { d4 was best. } (1. d4 d5) 1... e5 *")
    note = MoveNote(1, (-90, None), nag=6, comment="Inaccuracy. d4 was best.", better=("d2d4",))
    assert moves_of(annotate(line, [note])) == (
        "1. e4 $6 { [%eval -0.90] Inaccuracy. d4 was best. } (1. d4 d5) 1... e5 *"
    )


def test_another_engine_takes_the_place_of_our_first() -> None:
    line = game_with_text("1. e4 { I was tired. } 1... e5 *")
    first = MoveNote(1, (-90, None), nag=2, comment="Mistake. d4 was best.", better=("d2d4",))
    once = annotate(line, [first], annotator="chess-analytics (Stockfish 15.1)")
    again = annotate(
        only_game(once), [MoveNote(1, (10, None))], annotator="chess-analytics (Other)"
    )
    assert moves_of(again) == "1. e4 { [%eval 0.10] I was tired. } (1. d4) 1... e5 *"
    assert only_game(again).headers["Annotator"] == "chess-analytics (Other)"


@pytest.mark.parametrize(
    ("theirs", "both"),
    [
        (None, "chess-analytics (Stockfish 15.1)"),
        ("?", "chess-analytics (Stockfish 15.1)"),
        ("", "chess-analytics (Stockfish 15.1)"),
        ("Kasparov", "Kasparov; chess-analytics (Stockfish 15.1)"),
        ("Kasparov;Fritz", "Kasparov;Fritz; chess-analytics (Stockfish 15.1)"),
        ("Kasparov; chess-analytics (Old 3)", "Kasparov; chess-analytics (Stockfish 15.1)"),
        ("chess-analytics (Old 3); Kasparov", "Kasparov; chess-analytics (Stockfish 15.1)"),
        ("chess-analytics-fan", "chess-analytics-fan; chess-analytics (Stockfish 15.1)"),
    ],
)
def test_our_name_stands_behind_the_annotators(theirs: str | None, both: str) -> None:
    tags = {"Annotator": theirs} if theirs is not None else {}
    once = annotate(game("1. e4", tags=tags), [], annotator="chess-analytics (Stockfish 15.1)")
    assert only_game(once).headers["Annotator"] == both
    assert annotate(only_game(once), [], annotator="chess-analytics (Stockfish 15.1)") == once


@pytest.mark.parametrize(
    "verdict",
    [
        "Inaccuracy. h4 was best.",
        "Blunder. Qxf7+ was best.",
        "(0.21 → -1.30) Mistake. Best move was: h4",
        "Checkmate is now unavoidable. Kd1 was best.",
        "Lost forced checkmate sequence. Qh5# was best.",
    ],
)
def test_the_sentence_of_an_earlier_analysis_goes_and_a_persons_words_stay(verdict: str) -> None:
    line = game(f"1. e4 {{ [%eval 0.1] {verdict} A mistake. }} e5")
    note = MoveNote(1, (30, None), comment="Mistake. d4 was best.")
    assert moves_of(annotate(line, [note])) == (
        "1. e4 { [%eval 0.30] A mistake. Mistake. d4 was best. } 1... e5 *"
    )
