"""What one game asks of an engine, and what it does not."""

from dataclasses import fields, replace

import chess

from chess_analytics.actions.analyse_game import analyse_game, settings_key
from chess_analytics.engine.evaluation import EngineIdentity, Score
from chess_analytics.engine.profile import FAST, Profile
from tests.builders import game
from tests.fakes import FakeEngine

PLAIN = Profile("plain", sweep_nodes=100)


def test_every_position_but_the_standard_start_is_asked_once_in_order() -> None:
    engine = FakeEngine()
    run = analyse_game(game("1. e4 e5 2. Nf3"), engine, PLAIN)
    assert engine.games == 1
    assert [request.moves for request in engine.asked] == [
        ("e2e4",),
        ("e2e4", "e7e5"),
        ("e2e4", "e7e5", "g1f3"),
    ]
    assert run.evaluations[0] is None
    assert len(run.evaluations) == 4
    assert run.nodes == 300
    assert run.engine == "Fake 1"


def test_another_start_position_is_asked_too() -> None:
    engine = FakeEngine()
    run = analyse_game(game("1... Kd7", fen="4k3/8/8/8/8/8/4P3/4K3 b - - 0 1"), engine, PLAIN)
    assert [request.moves for request in engine.asked] == [(), ("e8d7",)]
    assert all(run.evaluations)


def test_a_mated_position_is_not_asked() -> None:
    engine = FakeEngine()
    run = analyse_game(game("1. f3 e5 2. g4 Qh4#"), engine, PLAIN)
    assert len(engine.asked) == 3
    assert run.evaluations[-1] is None


def test_a_dead_draw_is_worth_nothing_and_not_asked() -> None:
    engine = FakeEngine()
    bare_kings = game("1. Kxd2", fen="7k/8/8/8/8/8/3q4/4K3 w - - 0 1")
    run = analyse_game(bare_kings, engine, PLAIN)
    assert [request.moves for request in engine.asked] == [()]
    assert run.evaluations[-1]
    assert run.evaluations[-1].score == Score(cp=0)


def test_stalemate_is_a_draw_and_not_asked() -> None:
    engine = FakeEngine()
    run = analyse_game(game("1. Qg6", fen="7k/8/5K2/6Q1/8/8/8/8 w - - 0 1"), engine, PLAIN)
    assert len(engine.asked) == 1
    assert run.evaluations[-1]
    assert run.evaluations[-1].score == Score(cp=0)


def test_castling_in_chess960_is_sent_as_king_takes_rook() -> None:
    engine = FakeEngine()
    castled = game("1. O-O", fen="4k3/8/8/8/8/8/8/5KR1 w G - 0 1", chess960=True)
    analyse_game(castled, engine, PLAIN)
    assert engine.asked[-1].moves == ("f1g1",)
    assert engine.asked[-1].chess960


def test_each_position_is_counted_for_the_progress_bar() -> None:
    counted: list[int] = []
    analyse_game(
        game("1. e4 e5 2. Nf3"), FakeEngine(), PLAIN, on_position=lambda: counted.append(1)
    )
    assert len(counted) == 4


def test_whatever_decides_the_numbers_is_in_the_settings_key() -> None:
    one = EngineIdentity("Stockfish 15.1", "nn-1.nnue", (("Hash", "64"),))
    others = [
        (EngineIdentity("Stockfish 16", "nn-1.nnue", (("Hash", "64"),)), FAST),
        (EngineIdentity("Stockfish 15.1", "nn-2.nnue", (("Hash", "64"),)), FAST),
        (EngineIdentity("Stockfish 15.1", "nn-1.nnue", (("Hash", "16"),)), FAST),
        *(
            (one, replace(FAST, **{field.name: getattr(FAST, field.name) + 1}))
            for field in fields(FAST)
            if field.name != "name"
        ),
    ]
    keys = {settings_key(identity, profile) for identity, profile in others}
    assert len(keys) == len(others)
    assert settings_key(one, FAST) not in keys
    # The profile's name alone changes nothing.
    assert settings_key(one, FAST) == settings_key(one, replace(FAST, name="renamed"))


def test_the_start_position_is_recognised_whatever_the_counters_say() -> None:
    engine = FakeEngine()
    start = chess.STARTING_FEN
    analyse_game(game("1. e4", fen=start), engine, PLAIN)
    assert len(engine.asked) == 1
