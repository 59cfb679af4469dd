"""What a process counts and times for Prometheus.

Made at the first use: whoever shares a worker process with children has to say so before
(`observability.exposition.share_with_children`), and short commands never pay for it.
"""

from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from prometheus_client import Counter, Gauge, Histogram

_GAME_S = (0.1, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600)
_WAIT_S = (10, 30, 60, 300, 600, 1800, 3600, 7200, 21_600, 86_400, 604_800)
_REQUEST_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)


@dataclass(frozen=True, slots=True)
class GameMeasured:
    """What the analysis of one game took."""

    seconds: float
    nodes: int
    """Searched for this game."""
    positions: int
    """That have an evaluation now."""
    shared_known: int
    """Of the positions that many games share: those that were known."""
    shared_new: int
    """And those that had to be searched."""


def note_task(outcome: str) -> None:
    """Count a claim that has ended, by how."""
    _metrics().tasks.labels(outcome=outcome).inc()


def note_game(measured: GameMeasured) -> None:
    """Note what a game's analysis took, once it is saved."""
    metrics = _metrics()
    metrics.game_seconds.observe(measured.seconds)
    metrics.nodes.inc(measured.nodes)
    metrics.positions.inc(measured.positions)
    metrics.shared.labels(result="known").inc(measured.shared_known)
    metrics.shared.labels(result="searched").inc(measured.shared_new)


def note_engine_restarts(count: int) -> None:
    """Count engines that were started in the place of one that failed or was stopped."""
    _metrics().engine_restarts.inc(count)


def note_job_end(state: str, *, kind: str, waited_s: float) -> None:
    """Note how long a user has waited for a job, from its creation to its end."""
    _metrics().job_seconds.labels(kind=kind, state=state).observe(waited_s)


def note_sweep(*, at_s: float, freed: int) -> None:
    """Note a sweep that went through, and how many tasks of dead workers it freed."""
    metrics = _metrics()
    metrics.last_sweep.set(at_s)
    metrics.leases_expired.inc(freed)


def note_import(state: str, *, games: int) -> None:
    """Count an import that has ended, and the games that it has added."""
    metrics = _metrics()
    metrics.imports.labels(state=state).inc()
    metrics.imported_games.inc(games)


def note_request(*, method: str, route: str, status: int, seconds: float) -> None:
    """Note an answer by its route's template: addresses themselves are without number."""
    labels = {"method": method, "route": route, "status": str(status)}
    _metrics().requests.labels(**labels).observe(seconds)


@dataclass(frozen=True, slots=True)
class _Metrics:
    tasks: "Counter"
    game_seconds: "Histogram"
    nodes: "Counter"
    positions: "Counter"
    shared: "Counter"
    engine_restarts: "Counter"
    job_seconds: "Histogram"
    last_sweep: "Gauge"
    leases_expired: "Counter"
    imports: "Counter"
    imported_games: "Counter"
    requests: "Histogram"


_MAKING = Lock()


def _metrics() -> _Metrics:
    # Two threads may come first at once, and the library takes each name but once.
    with _MAKING:
        return _made()


@cache
def _made() -> _Metrics:
    from prometheus_client import Counter, Gauge, Histogram  # noqa: PLC0415 - see above

    return _Metrics(
        tasks=Counter(
            "chess_analytics_tasks",
            "Claims of games that have ended, by how.",
            ["outcome"],
        ),
        game_seconds=Histogram(
            "chess_analytics_game_analysis_seconds",
            "What the analysis of a game took at its engine.",
            buckets=_GAME_S,
        ),
        nodes=Counter("chess_analytics_engine_nodes", "Nodes that engines have searched."),
        positions=Counter("chess_analytics_positions", "Positions of analysed games."),
        shared=Counter(
            "chess_analytics_shared_positions",
            "Positions that many games share: known from another game, or searched.",
            ["result"],
        ),
        engine_restarts=Counter(
            "chess_analytics_engine_restarts",
            "Engines started in the place of one that failed or was stopped.",
        ),
        job_seconds=Histogram(
            "chess_analytics_job_wait_seconds",
            "From the creation of a job to its end, as its user waited.",
            ["kind", "state"],
            buckets=_WAIT_S,
        ),
        last_sweep=Gauge(
            "chess_analytics_last_sweep_timestamp_seconds",
            "When this process last put right what others had left.",
            multiprocess_mode="max",
        ),
        leases_expired=Counter(
            "chess_analytics_leases_expired",
            "Tasks whose worker was silent for too long, and that were freed.",
        ),
        imports=Counter("chess_analytics_imports", "Imports that have ended, by how.", ["state"]),
        imported_games=Counter("chess_analytics_imported_games", "Games that imports added."),
        requests=Histogram(
            "chess_analytics_http_request_duration_seconds",
            "Answers of the API by route; of a stream, the time to its beginning.",
            ["method", "route", "status"],
            buckets=_REQUEST_S,
        ),
    )
