"""How the server does, as one JSON object: the same at every door."""

from typing import Any

from chess_analytics import __version__
from chess_analytics.actions.describe_server import ServerStanding
from chess_analytics.observability.scrubbing import impersonal
from chess_analytics.store.queue_state import ClassState
from chess_analytics.store.server_state import FailedTask, TaskAtHand
from chess_analytics.store.workers import SeenWorker

Object = dict[str, Any]


def status_object(standing: ServerStanding) -> Object:
    """Show how the server does; what failures quote of somebody's is left out."""
    lately, database = standing.lately, standing.database
    return {
        "version": __version__,
        "now_ms": standing.now_ms,
        "queue": [
            {"class": service.name.lower(), **_class_object(state, standing.now_ms)}
            for service, state in standing.queue.classes.items()
        ],
        "open_jobs": {str(state): count for state, count in standing.queue.jobs.items()},
        "workers": [_worker_object(worker, standing) for worker in standing.workers],
        "rates": {
            "over_seconds": lately.over_s,
            "games": lately.games,
            "games_a_minute": round(lately.games_a_minute, 2),
            "nodes_a_second": round(lately.nodes_a_second),
        },
        "failed_in_a_day": standing.failed_in_a_day,
        "failures": [_failure_object(task) for task in standing.failures],
        "database": {
            "kind": database.kind,
            "version": database.version,
            "tables": database.tables,
            "size_bytes": database.size_bytes,
        },
    }


def _class_object(state: ClassState, now_ms: int) -> Object:
    oldest_ms = state.oldest_ms
    return {
        "queued": state.queued,
        "running": state.running,
        "backlog_engine_seconds": round(state.backlog_s, 1),
        "oldest_seconds": None if oldest_ms is None else max(0, now_ms - oldest_ms) / 1000,
    }


def _worker_object(worker: SeenWorker, standing: ServerStanding) -> Object:
    report = worker.report
    return {
        "name": report.name,
        "host": report.host,
        "engine": report.engine,
        "problem": report.problem,
        "slots": report.slots,
        "busy": report.busy,
        "nodes_a_second": report.nps,
        "is_alive": standing.is_alive(worker),
        "started_ms": report.started_ms,
        "seen_ms": worker.seen_ms,
        "at_hand": [
            _at_hand_object(task, standing.now_ms)
            for task in standing.at_hand
            if task.worker == report.name
        ],
    }


def _at_hand_object(task: TaskAtHand, now_ms: int) -> Object:
    return {
        "task_id": task.task_id,
        "job_id": task.job_id,
        "class": task.service.name.lower(),
        "attempt": task.attempt,
        "seconds": max(0, now_ms - task.started_ms) / 1000,
    }


def _failure_object(task: FailedTask) -> Object:
    return {
        "task_id": task.task_id,
        "job_id": task.job_id,
        "class": task.service.name.lower(),
        "attempts": task.attempts,
        "reason": impersonal(task.reason),
        "ended_ms": task.ended_ms,
    }
