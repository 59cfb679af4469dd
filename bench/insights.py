"""How long insights take over ten thousand games, and what a million moves hold in memory."""

import itertools
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bench.big_library import add_user, made_up_games, reviewed_games
from bench.stores import KINDS, empty_store
from chess_analytics.actions.load_facts import FactShelf
from chess_analytics.insights.answering import answer
from chess_analytics.insights.dimensions import DIMENSIONS
from chess_analytics.insights.facts import pack_facts
from chess_analytics.insights.frames import Facts, assemble, gather, library_frame
from chess_analytics.insights.metrics import METRICS
from chess_analytics.insights.question import Question
from chess_analytics.insights.records import PackedFacts
from chess_analytics.insights.rows import LibraryGame
from chess_analytics.review.judge import Review
from chess_analytics.store.games import insert_games
from chess_analytics.store.runs import NewRun, RunSource, insert_runs
from chess_analytics.store.session import Store

GAMES = 10_000
NEW_GAMES = 10
MOVES_IN_MEMORY = 1_000_000
GOALS = {
    "cold_s": 2.0,
    "warm_ms": 100,
    "refresh_ms": 200,
    "million_moves_mb": 500,
}
_BATCH = 500
_ROUNDS = 4

_Stored = tuple[NewRun, Review]


def measure() -> dict[str, Any]:
    """Load, ask and refresh on both databases, and fill the memory with a million moves."""
    return {
        "games": GAMES,
        "goals": GOALS,
        **{kind: _measure(kind) for kind in KINDS},
        "facts_ms_a_game": _making(),
        "memory": _memory(),
        # How many processes wanted the machine's cores at the end; 1 would be this one alone.
        "load": round(os.getloadavg()[0], 1),
    }


def _measure(kind: str) -> dict[str, Any]:
    with empty_store(kind) as store:
        user_id, player_id = add_user(store, "measured")
        made = made_up_games(GAMES + 2 * _ROUNDS * NEW_GAMES, player_id)
        runs = _runs()
        _fill(store, user_id, GAMES, made, runs)
        cold, facts = _best(lambda: _cold(store, user_id))
        shelf = FactShelf()
        shelf.facts(store, user_id)
        unchanged, _ = _best(lambda: shelf.facts(store, user_id))
        refresh = _refresh(store, user_id, shelf, made, runs)
        return {
            "moves": len(facts.moves),
            "cold_s": round(cold.wall_s, 2),
            "cold_cpu_s": round(cold.cpu_s, 2),
            "unchanged_ms": round(unchanged.wall_s * 1000, 1),
            "refresh_ms": round(refresh.wall_s * 1000),
            "refresh_cpu_ms": round(refresh.cpu_s * 1000),
            "warm": _warm(facts) if kind == KINDS[0] else "as above: the database is not asked",
        }


def _cold(store: Store, user_id: int) -> Facts:
    """Load everything, and answer a first question."""
    facts = FactShelf().facts(store, user_id)
    answer(facts, Question(metric="loss", by="phase"))
    return facts


def _refresh(
    store: Store,
    user_id: int,
    shelf: FactShelf,
    made: Iterator[Any],
    runs: Iterator[_Stored],
) -> "_Taken":
    """Store new games, and load the facts again; the best of some rounds."""
    best = _FOREVER
    for _ in range(_ROUNDS):
        _fill(store, user_id, NEW_GAMES, made, runs)
        clock = _Clock()
        facts = shelf.facts(store, user_id)
        answer(facts, Question(metric="loss", by="phase"))
        best = clock.taken().or_less(best)
    return best


def _warm(facts: Facts) -> dict[str, Any]:
    """Ask every metric by every dimension, and some by two."""
    questions = [
        Question(metric=metric, by=dimension) for metric in METRICS for dimension in DIMENSIONS
    ]
    two = itertools.product(("loss", "score", "loss_shares"), ("phase", "opening"), DIMENSIONS)
    questions += [Question(metric=metric, by=by, then=then) for metric, by, then in two]
    taken = {question: _ask(facts, question) for question in questions}
    slow = sorted(taken, key=taken.__getitem__, reverse=True)
    return {
        "questions": len(questions),
        "median_ms": round(statistics.median(taken.values()) * 1000, 1),
        "most_ms": round(taken[slow[0]] * 1000, 1),
        "over_the_goal": sum(each * 1000 > GOALS["warm_ms"] for each in taken.values()),
        "slowest": [
            f"{each.metric} by {each.by}, {each.then}: {taken[each] * 1000:.0f} ms"
            for each in slow[:5]
        ],
    }


def _ask(facts: Facts, question: Question) -> float:
    """Time a question; a slow one is asked again, because other work makes it slower only."""
    taken = _time(lambda: answer(facts, question))
    for _ in range(_ROUNDS):
        if taken * 1000 <= GOALS["warm_ms"] / 2:
            break
        taken = min(taken, _time(lambda: answer(facts, question)))
    return taken


def _making() -> float:
    """Time making the facts of a reviewed game."""
    reviewed = reviewed_games()
    began = time.process_time()
    for _, run, review in reviewed:
        pack_facts(review, run.evaluations)
    return round((time.process_time() - began) * 1000 / len(reviewed), 1)


def _memory() -> dict[str, Any]:
    """Hold a million moves, and tell by how much the process has grown."""
    packed = list(itertools.islice(_packed(), 64))
    answer(_in_memory(packed, 1000), Question(metric="loss", by="phase"))
    before = _resident_mb()
    facts = _in_memory(packed, MOVES_IN_MEMORY)
    for dimension in DIMENSIONS:
        answer(facts, Question(metric="loss", by=dimension))
    return {
        "moves": len(facts.moves),
        "estimated_mb": round(facts.size_bytes / 1e6),
        "process_grew_mb": round(_resident_mb() - before),
    }


def _in_memory(packed: list[PackedFacts], moves: int) -> Facts:
    games = max(1, moves // 72)
    chosen = dict(enumerate(itertools.islice(itertools.cycle(packed), games)))
    library = [
        LibraryGame(
            game_id=number,
            run_id=number,
            player_id=1,
            played_ms=1_600_000_000_000 + number * 1_000_000,
            site="lichess",
            variant="standard",
            speed="blitz",
            color="white" if number % 2 else "black",
            outcome=("win", "draw", "loss")[number % 3],
            rating=1500,
            opponent_rating=1500 + number % 300,
            opponent=f"opponent {number % 5000}",
            eco="B90",
            opening=f"Sicilian Defense: Line {number % 300}",
            run_source="engine",
        )
        for number in chosen
    ]
    return assemble(library_frame(library), gather(chosen))


def _packed() -> Iterator[PackedFacts]:
    for _, run, review in reviewed_games():
        yield pack_facts(review, run.evaluations)


def _runs() -> Iterator[_Stored]:
    """Give the runs of real games again and again, without the rows of their moves."""
    found = [
        (
            NewRun(
                RunSource.ENGINE,
                "Stockfish",
                run.profile,
                "measured",
                run.nodes,
                1.0,
                run.evaluations,
                pack_facts(review, run.evaluations),
            ),
            replace(review, moves=()),
        )
        for _, run, review in reviewed_games()
    ]
    return itertools.cycle(found)


def _fill(
    store: Store, user_id: int, size: int, made: Iterator[Any], runs: Iterator[_Stored]
) -> None:
    for start in range(0, size, _BATCH):
        new = list(itertools.islice(made, min(_BATCH, size - start)))
        with store.writing() as connection:
            ids = insert_games(connection, user_id, None, new, now_ms=0)
            insert_runs(connection, [(each, *next(runs)) for each in ids], now_ms=0)


@dataclass(frozen=True, slots=True)
class _Taken:
    """Time by the clock on the wall, and by that of this process: the database's is not in it."""

    wall_s: float
    cpu_s: float

    def or_less(self, other: "_Taken") -> "_Taken":
        return _Taken(min(self.wall_s, other.wall_s), min(self.cpu_s, other.cpu_s))


_FOREVER = _Taken(float("inf"), float("inf"))


class _Clock:
    def __init__(self) -> None:
        self._wall_s, self._cpu_s = time.perf_counter(), time.process_time()

    def taken(self) -> _Taken:
        return _Taken(time.perf_counter() - self._wall_s, time.process_time() - self._cpu_s)


def _best(do: Callable[[], Facts]) -> tuple[_Taken, Facts]:
    """Give the shortest time of some rounds: other work only ever makes it longer."""
    best = _FOREVER
    for _ in range(_ROUNDS):
        clock = _Clock()
        facts = do()
        best = clock.taken().or_less(best)
    return best, facts


def _time(do: Callable[[], object]) -> float:
    began = time.perf_counter()
    do()
    return time.perf_counter() - began


def _resident_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
