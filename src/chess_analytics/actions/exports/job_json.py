"""Jobs of analysis, as one JSON object each: the same at every door and in the export."""

import json
from collections.abc import Mapping
from typing import Any

from chess_analytics.store.game_names import GameName
from chess_analytics.store.job_rows import StoredJob, StoredTask, TaskCounts

Object = dict[str, Any]

_S_A_MINUTE = 60
_S_AN_HOUR = 3600


def job_object(job: StoredJob, counts: TaskCounts) -> Object:
    """Show a job as lists do."""
    running_s, engine_s = job.most_running_s, job.most_engine_s
    return {
        "id": job.id,
        "kind": job.kind,
        "state": job.state,
        "profile": job.profile,
        "priority": job.priority,
        "wanted": json.loads(job.wanted),
        "most_minutes": None if running_s is None else running_s / _S_A_MINUTE,
        "most_core_hours": None if engine_s is None else engine_s / _S_AN_HOUR,
        "total": job.total,
        "counts": counts_object(counts),
        # Never 100 before everything has ended.
        "percent": int(counts.percent * 10) / 10,
        "reason": job.reason,
        "created_ms": job.created_ms,
        "started_ms": job.started_ms,
        "ended_ms": job.ended_ms,
    }


def counts_object(counts: TaskCounts) -> Object:
    """Show how many games of a job are in which state."""
    return {
        "queued": counts.queued,
        "running": counts.running,
        "done": counts.done,
        "failed": counts.failed,
        "cancelled": counts.cancelled,
    }


def task_object(task: StoredTask, names: Mapping[int, GameName]) -> Object:
    """Show one game of a job."""
    name = names.get(task.game_id) if task.game_id is not None else None
    return {
        "ordinal": task.ordinal,
        "game_id": task.game_id,
        "white": name.white if name else None,
        "black": name.black if name else None,
        "eco": name.eco if name else None,
        "opening": name.opening if name else None,
        "state": task.state,
        "attempts": task.attempts,
        "was_there": task.was_there,
        "run_id": task.run_id,
        "engine_seconds": task.cost_s,
        "error": task.error,
        "started_ms": task.started_ms,
        "ended_ms": task.ended_ms,
    }
