"""A game's numbers are its own: whatever was analysed before it, and however many engines work."""

import hashlib
import random
import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache

import chess
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chess_analytics.actions.analyse_archive import analyse_archive
from chess_analytics.actions.analyse_game import Run, analyse_game
from chess_analytics.actions.share_evaluations import SharedEvaluations
from chess_analytics.engine.evaluation import (
    EngineDied,
    EngineIdentity,
    Evaluation,
    Line,
    Score,
    SearchRequest,
)
from chess_analytics.engine.pool import EnginePool, PooledEngine
from chess_analytics.engine.profile import Profile
from chess_analytics.engine.uci import UciEngine, UciSettings
from chess_analytics.games.model import Game, Place
from chess_analytics.games.positions import shared_fens
from tests.builders import game
from tests.engine.engines import real_command

PROFILE = Profile(
    "tiny",
    sweep_nodes=2_000,
    near_nodes=4_000,
    doubt_nodes=10_000,
    second_nodes=3_000,
    shared_nodes=5_000,
    most_nodes=6_000,
)
# They share positions by transposition, one repeats positions, one is over early, one has rules of
# its own.
GAMES = tuple(
    replace(line, place=Place("test.pgn", number, None))
    for number, line in enumerate(
        (
            game("1. d4 d5 2. c4 e6 3. Nc3 Nf6 4. Bg5 Nbd7 5. cxd5 exd5 6. Nxd5 Nxd5 7. Bxd8 Bb4+"),
            game("1. c4 e6 2. Nc3 d5 3. d4 Nf6 4. Nf3 Be7 5. Bg5 h6 6. Bh4 O-O 7. e3 Ne4 8. Bxe7"),
            game("1. d4 d5 2. Nf3 Nf6 3. Ng1 Ng8 4. Nf3 Nf6 5. c4 dxc4 6. Nc3 b5 7. Nxb5 Qd7"),
            game("1. e4 e5 2. Qh5 Nc6 3. Bc4 Nf6 4. Qxf7#"),
            game(
                "1. f4 f5 2. Nd3 Nd6 3. Ne5 Ne4 4. d3",
                fen="bqnbrkrn/pppppppp/8/8/8/8/PPPPPPPP/BQNBRKRN w GEge - 0 1",
                chess960=True,
            ),
        ),
        start=1,
    )
)
FENS = sorted({fen for line in GAMES for fen in shared_fens(line).values()})

Found = tuple[Evaluation | None, ...]


@dataclass(eq=False)
class Forgetful:
    """An engine whose answers depend on all that it was asked since it last forgot.

    As a hash does, its memory leaks into score, choice and nodes.
    """

    forgets: bool = True
    lives: int = -1
    """It dies at the search after so many."""
    history: list[str] = field(default_factory=list)
    budgets: list[int] = field(default_factory=list)
    """The nodes of every search so far."""
    has_ended: bool = False

    @property
    def identity(self) -> EngineIdentity:
        return EngineIdentity("Forgetful 1", None, ())

    def new_game(self) -> None:
        if self.forgets:
            self.history.clear()

    def search(self, request: SearchRequest) -> Evaluation:
        if self.has_ended or self.lives == 0:
            raise EngineDied("the engine was told to die")
        self.lives -= 1
        self.history.append(repr(request))
        self.budgets.append(request.nodes)
        digest = hashlib.blake2b("\n".join(self.history).encode()).digest()
        board = chess.Board(request.initial_fen, chess960=request.chess960)
        for uci in request.moves:
            board.push_uci(uci)
        legal = request.only or tuple(board.uci(move) for move in board.legal_moves)
        # Small differences beside large ones, so that every step of the plan has work.
        spread = 40 if digest[2] % 3 else 4
        score = Score(cp=(digest[0] - 128) * spread // 8)
        best = legal[digest[1] % len(legal)]
        return Evaluation(Line(score, (best,)), depth=digest[3], nodes=request.nodes + digest[4])

    def interrupt(self) -> None:
        self.has_ended = True

    def close(self) -> None:
        self.has_ended = True


class Memory:
    """A keeper for one archive, in which each game stands once: it never finds one."""

    def __init__(self) -> None:
        self.runs: dict[int, Run] = {}

    def find(self, game: Game) -> Run | None:
        return self.runs.get(game.place.number)

    def save(self, game: Game, run: Run) -> None:
        self.runs[game.place.number] = run


def _analysed(
    games: Iterable[Game],
    start: Callable[[], PooledEngine],
    *,
    size: int,
    shared: SharedEvaluations,
) -> dict[int, Found]:
    """Analyse games as an archive; give each game's evaluations by its number."""
    keeper = Memory()

    def analyse(line: Game, engine: PooledEngine) -> Run:
        return analyse_game(line, engine, PROFILE, shared=shared)

    outcomes = analyse_archive(
        games, EnginePool(start, size), analyse, keeper=keeper, stop=threading.Event()
    )
    assert not [outcome.failure for outcome in outcomes if outcome.failure]
    return {number: run.evaluations for number, run in keeper.runs.items()}


def _alone(start: Callable[[], PooledEngine]) -> tuple[dict[int, Found], dict[str, Evaluation]]:
    """Analyse each game by itself, with an engine of its own that has seen nothing."""
    found: dict[int, Found] = {}
    known: dict[str, Evaluation] = {}
    for line in GAMES:
        shared = SharedEvaluations()
        found |= _analysed([line], start, size=1, shared=shared)
        new = shared.take_new()
        assert all(new[fen] == known[fen] for fen in new.keys() & known.keys())
        known |= new
    assert sorted(known) == FENS
    return found, known


def _knowing(known: dict[str, Evaluation], fens: Iterable[str]) -> SharedEvaluations:
    shared = SharedEvaluations()
    shared.add_known({fen: known[fen] for fen in fens})
    return shared


@cache
def _right() -> tuple[dict[int, Found], dict[str, Evaluation]]:
    return _alone(Forgetful)


def test_these_games_have_work_for_every_step_of_the_plan() -> None:
    budgets = {
        PROFILE.sweep_nodes,
        PROFILE.near_nodes,
        PROFILE.doubt_nodes,
        PROFILE.second_nodes,
        PROFILE.shared_nodes,
    }
    asked: list[int] = []
    for line in GAMES:
        engine = Forgetful()
        analyse_game(line, engine, PROFILE)
        asked += engine.budgets
    assert budgets <= set(asked)


@given(
    games=st.permutations(GAMES),
    size=st.sampled_from([1, 3]),
    fens=st.sets(st.sampled_from(FENS)) | st.just(set(FENS)),
)
@settings(max_examples=40, deadline=None)
def test_order_engines_and_what_is_known_change_no_number(
    games: Sequence[Game], size: int, fens: set[str]
) -> None:
    alone, known = _right()
    shared = _knowing(known, fens)
    assert _analysed(games, Forgetful, size=size, shared=shared) == alone


@given(games=st.permutations(GAMES), lives=st.lists(st.integers(0, 60), max_size=2))
@settings(max_examples=20, deadline=None)
def test_engines_that_die_in_the_middle_change_no_number(
    games: Sequence[Game], lives: list[int]
) -> None:
    alone, _ = _right()
    left = list(lives)

    def start() -> Forgetful:
        return Forgetful(lives=left.pop() if left else -1)

    assert _analysed(games, start, size=1, shared=SharedEvaluations()) == alone


@pytest.mark.parametrize("knows_all", [False, True], ids=["nothing known", "all known"])
def test_an_engine_that_forgets_nothing_would_be_noticed(*, knows_all: bool) -> None:
    """Without this, the tests above could not fail."""
    alone, known = _right()
    shared = _knowing(known, FENS if knows_all else ())
    found = _analysed(GAMES, lambda: Forgetful(forgets=False), size=1, shared=shared)
    assert all(found[number] != alone[number] for number in (2, 3, 5))


@pytest.mark.engine
def test_real_engines_give_each_game_its_own_numbers() -> None:
    command = real_command()

    def start() -> UciEngine:
        return UciEngine(command, UciSettings(hash_mb=16))

    alone, known = _alone(start)
    half = random.Random(0).sample(FENS, len(FENS) // 2)
    scores = {item.score for found in alone.values() for item in found if item}
    assert len(scores) > 20
    for order, size, fens in (
        ((5, 4, 3, 2, 1), 1, FENS),
        ((2, 5, 1, 4, 3), 1, half),
        ((3, 1, 5, 2, 4), 3, []),
        ((1, 2, 3, 4, 5), 3, half),
        ((4, 2, 1, 5, 3), 3, FENS),
    ):
        shared = _knowing(known, fens)
        games = [GAMES[number - 1] for number in order]
        assert _analysed(games, start, size=size, shared=shared) == alone
