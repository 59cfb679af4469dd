import string
from collections.abc import Sequence

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.engine.evaluation import Evaluation
from chess_analytics.games.model import Game
from chess_analytics.review.judge import JudgedMove, judge_game
from chess_analytics.review.rules import RULES, Label, LabelKind
from chess_analytics.review.thresholds import CHESSCOM_LIKE, LICHESS, PROFILES, STRICT, Thresholds
from tests.builders import game, games
from tests.review.evaluations import Value, each, evaluations_of, known

# A middlegame in which nothing hangs; it has no opening name.
QUIET = "r1bq1rk1/ppp2ppp/2np1n2/2b1p3/2B1P3/2NP1N2/PPP2PPP/R1BQ1RK1 w - - 0 8"


def last_move(
    text: str,
    evaluations: Sequence[Evaluation | None],
    *,
    fen: str = QUIET,
    thresholds: Thresholds = LICHESS,
) -> JudgedMove:
    return judge_game(game(text, fen=fen), evaluations, thresholds).moves[-1]


def label_after(was: Value, now: Value, thresholds: Thresholds = LICHESS) -> Label:
    return last_move("1. h3", each(was, now), thresholds=thresholds).label


@pytest.mark.parametrize(
    ("was", "now", "kind", "rule"),
    [
        (30, 30, "excellent", "hardly any loss"),
        (30, 9, "excellent", "hardly any loss"),
        (30, 8, "good", "small loss"),
        (30, -24, "good", "small loss"),
        (30, -25, "inaccuracy", "inaccuracy"),
        (30, -90, "mistake", "mistake"),
        (30, -150, "blunder", "blunder"),
        (30, "#-3", "blunder", "mate allowed, blunder"),
        (-800, "#-3", "mistake", "mate allowed, mistake"),
        (-1200, "#-3", "inaccuracy", "mate allowed, inaccuracy"),
        ("#9", 500, "blunder", "mate lost, blunder"),
        ("#9", 800, "mistake", "mate lost, mistake"),
        ("#2", 1200, "inaccuracy", "mate lost, inaccuracy"),
        ("#2", "#-4", "blunder", "mate lost, blunder"),
        ("#2", 500, "miss", "mate missed"),
        ("#5", -20, "miss", "mate missed"),
        ("#5", -100, "blunder", "mate lost, blunder"),
        (500, 200, "miss", "win missed"),
        (500, -50, "miss", "win missed"),
        (500, -100, "blunder", "blunder"),
        (500, 300, "mistake", "mistake"),
        ("#3", "#8", "excellent", "hardly any loss"),
        ("#-3", "#-1", "excellent", "hardly any loss"),
    ],
)
def test_a_move_is_labelled_by_what_it_cost(was: Value, now: Value, kind: str, rule: str) -> None:
    found = label_after(was, now)
    assert (found.kind, found.rule) == (kind, rule)


@pytest.mark.parametrize(
    ("thresholds", "now", "kind"),
    [
        (STRICT, 15, "good"),
        (STRICT, -10, "inaccuracy"),
        (CHESSCOM_LIKE, -150, "mistake"),
    ],
)
def test_another_profile_gives_other_labels(thresholds: Thresholds, now: int, kind: str) -> None:
    assert label_after(30, now, thresholds).kind == kind


def test_the_first_choice_of_the_engine_is_best() -> None:
    found = last_move("1. h3", [known(30, "h2h3 h7h6"), known(30)])
    assert (found.label.kind, found.label.rule) == ("best", "first choice")
    assert (found.best, found.best_san, found.better_line) == ("h2h3", "h3", ())


def test_the_first_choice_stays_best_when_the_engine_changes_its_mind_and_is_never_judged() -> None:
    found = last_move("1. h3", [known(30, "h2h3"), known(-200)])
    assert (found.label.kind, found.label.rule) == ("best", "first choice, doubted")
    assert found.judgment is None
    assert found.loss > 15
    assert found.accuracy < 50


def test_castling_is_the_first_choice_in_either_spelling() -> None:
    fen = "r1bqk2r/pppp1ppp/2n2n2/2b1p3/2B1P3/3P1N2/PPP2PPP/RNBQK2R w KQkq - 0 5"
    for spelling in ("e1g1", "e1h1"):
        found = last_move("1. O-O", [known(30, spelling), known(-300)], fen=fen)
        assert (found.label.kind, found.best, found.best_san) == ("best", "e1g1", "O-O")


def test_the_only_legal_move_is_forced_whatever_the_engine_thinks_of_it() -> None:
    found = last_move("1. Kxg2", each(0, -500), fen="7k/8/8/8/8/8/6q1/7K w - - 0 1")
    assert (found.label.kind, found.is_forced) == ("forced", True)


def test_a_mate_is_best_even_where_no_evaluation_says_so() -> None:
    found = last_move("1. Ra8#", each(0, None), fen="6k1/5ppp/8/8/8/8/8/R6K w - - 0 1")
    assert (found.label.kind, found.label.text) == ("best", "Checkmate.")
    assert (found.win_after, found.loss, found.score) == (100, 0, None)


def test_moves_of_a_named_opening_are_book_until_it_ends_and_only_while_they_are_sound() -> None:
    review = judge_game(game("1. e4 e5 2. Nf3 Nc6 3. Bb5 a5"), each(None, 30, 30, 30, 30, 25, 60))
    assert review.opening
    assert [move.label.kind for move in review.moves[:5]] == ["book"] * 5
    assert review.moves[0].label.text == f"A known opening move: {review.opening.name}."
    englund = judge_game(game("1. d4 e5"), each(None, 15, 110))
    assert englund.opening
    assert englund.moves[1].is_book
    assert englund.moves[1].label.kind == "inaccuracy"


@pytest.mark.parametrize(
    ("values", "kind", "rule"),
    [
        # Black's mistake raised 54 % to 65 %; White gives it back.
        ((50, 170, 30), "miss", "chance given back"),
        # He loses more than the chance that he was given.
        ((50, 170, -60), "blunder", "blunder"),
        # It was no mistake of the opponent's.
        ((120, 170, 30), "mistake", "mistake"),
        # A chance to be a little less lost is none.
        ((-500, -300, -500), "mistake", "mistake"),
        # Walking into a mate again is worse than not winning.
        (("#-5", 200, "#-3"), "blunder", "mate allowed, blunder"),
        # What is left is still good enough.
        ((250, 500, 280), "mistake", "mistake"),
    ],
)
def test_an_error_of_the_opponent_that_is_not_used_is_a_miss(
    values: tuple[Value, Value, Value], kind: str, rule: str
) -> None:
    fen = QUIET.replace(" w ", " b ")
    found = last_move("1... h6 2. h3", each(*values), fen=fen).label
    assert (found.kind, found.rule) == (kind, rule)


@pytest.mark.parametrize(
    ("was", "now", "text"),
    [
        (
            30,
            -150,
            (
                "The winning chance falls from 53 % to 37 %, by 16.2 points; "
                "from 15 on that is a blunder."
            ),
        ),
        (30, "#-3", "It lets the opponent force mate in 3."),
        (
            -800,
            "#-3",
            (
                "It lets the opponent force mate in 3, though the game was nearly lost before it "
                "(-8.0)."
            ),
        ),
        ("#9", 800, "A forced mate in 9 is gone, though the advantage stays great (+8.0)."),
        ("#2", 0, "A forced mate in 2 is gone; a winning chance of 50 % is left."),
        (500, 200, "A winning position (86 %) becomes an open one (68 %)."),
        (30, 8, "It gives up 2.0 points of winning chance; from 5 on it would be an inaccuracy."),
    ],
)
def test_a_player_can_read_why(was: Value, now: Value, text: str) -> None:
    assert label_after(was, now).text == text


@pytest.mark.parametrize("name", RULES)
def test_the_sentence_of_a_rule_is_made_of_its_numbers(name: str) -> None:
    rule = RULES[name]
    fields = [field for _, field, _, _ in string.Formatter().parse(rule.sentence) if field]
    found = rule.label(**dict.fromkeys(fields, 1.0))
    assert (found.kind, found.rule, rule.id) == (rule.kind, name, name)
    assert "{" not in found.text


def test_every_kind_of_label_has_a_rule() -> None:
    assert {rule.kind for rule in RULES.values()} == set(LabelKind)


@settings(deadline=None)
@given(st.data(), games(max_plies=30, starts=[chess.STARTING_FEN, QUIET]))
def test_a_label_agrees_with_the_judgment_and_shows_its_numbers(
    data: st.DataObject, played: Game
) -> None:
    evaluations = data.draw(evaluations_of(played))
    thresholds = data.draw(st.sampled_from(list(PROFILES.values())))
    for move in judge_game(played, evaluations, thresholds).moves:
        shown = dict(move.label.numbers)
        if move.judgment and not move.is_forced:
            assert move.label.kind in {move.judgment.value, "miss"}
        elif not move.is_forced:
            assert move.label.kind not in {"inaccuracy", "mistake", "blunder", "miss"}
        assert move.label.text == RULES[move.label.rule].sentence.format(**shown)
        assert shown.get("win_before", move.win_before) == move.win_before
