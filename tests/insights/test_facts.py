"""What single games leave behind."""

import math

import pytest

from chess_analytics.engine.evaluation import Evaluation, Line, Score
from chess_analytics.games.model import Game, Site
from chess_analytics.insights.endings import Endgame, Termination
from chess_analytics.insights.facts import game_facts
from chess_analytics.insights.rows import GameFacts
from chess_analytics.review.judge import judge_game
from tests.builders import game
from tests.insights.archives import shared_reviews
from tests.insights.slow_facts import slow_reading
from tests.library import evaluated


def _facts(played: Game, *scores_cp: int) -> GameFacts:
    evaluations = evaluated(scores_cp or [20] * len(played.moves))
    return game_facts(judge_game(played, evaluations), evaluations)


def test_a_move_tells_what_moved_and_what_it_took() -> None:
    facts = _facts(game("1. e4 d5 2. exd5 Qxd5 3. Nc3 Qe5+ 4. Be2 *"))
    told = [(move.piece, move.captured, move.gives_check) for move in facts.moves]
    assert told == [
        ("pawn", None, False),
        ("pawn", None, False),
        ("pawn", "pawn", False),
        ("queen", "pawn", False),
        ("knight", None, False),
        ("queen", None, True),
        ("bishop", None, False),
    ]
    assert [move.material for move in facts.moves] == [0, 0, 0, -1, 0, 0, 0]


def test_en_passant_takes_a_pawn() -> None:
    facts = _facts(game("1. e4 a6 2. e5 d5 3. exd6 *"))
    assert facts.moves[-1].captured == "pawn"


def test_castling_is_the_kings_move_and_takes_nothing() -> None:
    facts = _facts(game("1. Nf3 d5 2. g3 Nc6 3. Bg2 Bf5 4. O-O Qd7 5. d3 O-O-O *"))
    assert (facts.white.castling, facts.white.castling_ply) == ("kingside", 7)
    assert (facts.black.castling, facts.black.castling_ply) == ("queenside", 10)
    assert (facts.moves[6].piece, facts.moves[6].captured) == ("king", None)


def test_castling_in_chess960_takes_no_rook() -> None:
    start = "rk6/pppppppp/8/8/8/8/PPPPPPPP/RK6 w Aa - 0 1"
    facts = _facts(game("1. O-O-O *", fen=start, chess960=True))
    assert facts.moves[0].captured is None
    assert facts.white.castling == "queenside"


def test_positions_have_the_same_name_however_they_were_reached() -> None:
    one = _facts(game("1. Nf3 Nf6 2. g3 g6 3. Bg2 *"))
    other = _facts(game("1. g3 g6 2. Nf3 Nf6 3. Bg2 *"))
    assert one.moves[4].position == other.moves[4].position
    assert one.moves[2].position != other.moves[2].position
    assert one.moves[0].position == other.moves[0].position


def test_evaluations_are_the_movers_and_capped() -> None:
    facts = _facts(game("1. e4 e5 2. Nf3 Nc6 *"), 30, 1500, -80, 0)
    assert [move.eval_cp for move in facts.moves] == [15, -30, 1000, 80]


def test_the_gap_is_what_the_second_best_move_costs() -> None:
    played = game("1. e4 e5 *")
    best, second = Line(Score(cp=0), ("e2e4",)), Line(Score(cp=-100), ("d2d4",))
    evaluations = [Evaluation(best, second), Evaluation(Line(Score(cp=0), ())), None]
    evaluations[2] = Evaluation(Line(Score(cp=0), ()))
    facts = game_facts(judge_game(played, evaluations), evaluations)
    # 59.1 % is what 100 centipawns are worth (docs/concepts/accuracy.md).
    assert facts.moves[0].gap is not None
    assert round(facts.moves[0].gap, 1) == 9.1
    assert facts.moves[1].gap is None


def test_an_error_is_answered_or_let_off() -> None:
    # White blunders, Black blunders back, White plays on well.
    facts = _facts(game("1. e4 e5 2. Ba6 Nc6 3. Bxb7 *"), 20, 20, -400, 300, 300)
    blunder, reply, after = facts.moves[2:]
    assert (blunder.judgment, blunder.is_let_off) == ("blunder", True)
    assert (reply.answers_error, reply.judgment, reply.is_let_off) == (True, "blunder", False)
    assert (after.answers_error, after.is_let_off) == (True, None)


def test_the_clock_is_told_before_and_after_the_move() -> None:
    played = game(
        "1. e4 e5 2. Nf3 Nc6 *",
        clocks=[180, 180, 175, 170],
        tags={"TimeControl": "180+2"},
        site=Site.LICHESS,
    )
    facts = _facts(played)
    assert [move.clock_before_s for move in facts.moves] == [180, 180, 180, 180]
    assert [move.spent_s for move in facts.moves] == [None, None, 7, 12]
    # A game of 40 moves grants 180 + 40 x 2 seconds.
    assert [round(move.clock_share or 0, 1) for move in facts.moves] == [69.2, 69.2, 67.3, 65.4]
    assert facts.white.last_clock_share == facts.moves[2].clock_share


def test_evenly_spent_time_has_no_variance() -> None:
    moves = " ".join(
        f"{n}. {w} {b}" for n, (w, b) in enumerate([("Nf3", "Nf6"), ("Ng1", "Ng8")] * 8, 1)
    )
    even = _facts(game(f"{moves} *", elapsed=[3.0] * 32))
    assert [move.time_variance for move in even.moves[:12]] == [None] * 12
    assert even.moves[12].time_variance == pytest.approx(0)
    uneven = _facts(game(f"{moves} *", elapsed=[1.0, 1.0, 9.0, 9.0] * 8))
    assert 0.6 < (uneven.moves[12].time_variance or 0) < 1


def test_a_game_tells_how_it_ended() -> None:
    mate = _facts(game("1. f3 e5 2. g4 Qh4# 0-1"), 0, 0, -900)
    assert mate.shared.termination is Termination.CHECKMATE
    assert mate.moves[-1].loss_cp is None
    endings = {
        ("Normal", "1-0"): Termination.RESIGNATION,
        ("Normal", "1/2-1/2"): Termination.AGREEMENT,
        ("Time forfeit", "1-0"): Termination.TIME,
        ("Abandoned", "1-0"): Termination.ABANDONED,
        ("Rules infraction", "1-0"): Termination.RULES,
        ("ada won by resignation", "1-0"): Termination.RESIGNATION,
        ("ada won on time", "1-0"): Termination.TIME,
        ("Game drawn by timeout vs insufficient material", "1/2-1/2"): Termination.MATERIAL,
        ("Normal", "*"): None,
    }
    for (said, result), ending in endings.items():
        played = game(f"1. e4 {result}", tags={"Termination": said}, site=Site.LICHESS)
        assert _facts(played).shared.termination is ending, said


def test_where_a_site_does_not_tell_nobody_knows_how_a_game_ended() -> None:
    assert _facts(game("1. e4 1-0")).shared.termination is None


def test_who_leaves_the_book_and_with_which_evaluation() -> None:
    facts = _facts(game("1. e4 e5 2. Nf3 Nc6 3. Ba6 bxa6 *"), 30, 30, 30, 25, -400, -400)
    assert facts.shared.book_ply == 4
    assert (facts.white.leaves_book, facts.black.leaves_book) == (True, False)
    assert (facts.white.exit_cp, facts.black.exit_cp) == (25, -25)
    elsewhere = "4k3/8/8/8/8/8/4P3/4K3 w - - 0 1"
    assert _facts(game("1. e4 *", fen=elsewhere)).shared.book_ply is None


def test_an_endgame_is_named_by_its_pieces() -> None:
    start = "r3k3/8/8/8/8/8/4P3/R3K3 b - - 0 1"
    facts = _facts(game("1... Rxa1+ 2. Kd2 Rh1 3. e4 Re1 4. Kxe1 Kd7 *", fen=start))
    assert facts.shared.endgame_entered is Endgame.ROOK
    kinds = [Endgame.ROOK] * 6 + [Endgame.PAWN]
    assert [move.endgame for move in facts.moves] == kinds
    assert facts.shared.queens_traded


def test_ahead_and_behind_need_chances_and_material() -> None:
    # White takes a queen with a winning evaluation.
    facts = _facts(
        game("1. e4 d5 2. exd5 Qxd5 3. Nc3 a6 4. Nxd5 h6 5. h3 *"), *[30] * 6, 900, 900, 900
    )
    assert (facts.white.was_ahead, facts.white.was_behind) == (True, False)
    assert (facts.black.was_ahead, facts.black.was_behind) == (False, True)
    assert (facts.white.highest_win or 0) > 90
    assert (facts.black.lowest_win or 0) < 10


def test_headers_tell_of_ratings_and_of_the_time_of_day() -> None:
    tags = {"WhiteRatingDiff": "+7", "BlackRatingDiff": "-8", "UTCTime": "12:30:00"}
    facts = _facts(game("1. e4 *", tags=tags))
    assert (facts.white.rating_change, facts.black.rating_change) == (7, -8)
    assert facts.shared.is_rated is True
    assert facts.shared.knows_time
    plain = _facts(game("1. e4 *"))
    assert (plain.white.rating_change, plain.shared.is_rated) == (None, None)
    assert not plain.shared.knows_time
    assert _facts(game("1. e4 *", tags={"Event": "Casual blitz game"})).shared.is_rated is False


@pytest.mark.shared
def test_facts_of_real_games_are_what_a_slow_reading_of_their_text_says() -> None:
    """So every metric is checked from the text of the game on, not from the facts alone."""
    games = moves = 0
    for review, evaluations in shared_reviews():
        facts, slow = game_facts(review, evaluations), slow_reading(review.game.pgn)
        told: list[tuple[object, object]] = [*zip(facts.moves, slow.moves, strict=True)]
        told += [(facts.white, slow.sides[True]), (facts.black, slow.sides[False])]
        for fact, once_more in told:
            for name, expected in vars(once_more).items():
                found = getattr(fact, name)
                is_near = isinstance(expected, float) and isinstance(found, float)
                agrees = (
                    math.isclose(found, expected, abs_tol=1e-6) if is_near else found == expected
                )
                assert agrees, (review.game.site_id, name, found, once_more)
        games, moves = games + 1, moves + len(slow.moves)
    assert (games > 70, moves > 5000) == (True, True)
