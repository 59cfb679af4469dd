"""A history of tasks and jobs that the database writes by triggers, and what must hold of it.

Rows tell how things ended; only their history tells whether anybody wrote who had no right to.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise

from sqlalchemy import Connection, text

_TASK = ("task_id", "was", "state", "token_was", "token", "attempts_was", "attempts", "run_id")
_JOB = ("job_id", "user_id", "kind", "state", "place")

_TABLES = {
    "audit_tasks": "task_id BIGINT, was TEXT, state TEXT, token_was INTEGER, token INTEGER, "
    "attempts_was INTEGER, attempts INTEGER, run_id BIGINT",
    "audit_jobs": "job_id BIGINT, user_id BIGINT, kind TEXT, state TEXT, place INTEGER",
}
_TASK_VALUES = (
    "NEW.id, OLD.state, NEW.state, OLD.token, NEW.token, OLD.attempts, NEW.attempts, NEW.run_id"
)
_JOB_VALUES = "NEW.id, NEW.user_id, NEW.kind, NEW.state, NEW.place"
_GONE_VALUES = "OLD.id, OLD.user_id, OLD.kind, 'deleted', NULL"
# Table, name and cause of each trigger, and what it notes. Leases that are extended are left out.
_STEPPED = "UPDATE OF state, token, attempts, run_id"
_TRIGGERS = (
    ("tasks", "audit_task", _STEPPED, "audit_tasks", _TASK, _TASK_VALUES),
    ("jobs", "audit_new_job", "INSERT", "audit_jobs", _JOB, _JOB_VALUES),
    ("jobs", "audit_gone_job", "DELETE", "audit_jobs", _JOB, _GONE_VALUES),
    ("jobs", "audit_job", "UPDATE OF state, place", "audit_jobs", _JOB, _JOB_VALUES),
)

# What may follow what. A failed task is queued again by its user alone.
_STEPS = {
    ("queued", "running"), ("queued", "cancelled"), ("running", "queued"), ("running", "done"),
    ("running", "failed"), ("running", "cancelled"), ("failed", "queued"), ("queued", "failed"),
}  # fmt: skip
_BATCH_ACTIVE = ("pending", "running", "paused")


@dataclass(frozen=True, slots=True)
class TaskStep:
    """A task before and after one statement."""

    task_id: int
    was: str
    state: str
    token_was: int
    token: int
    attempts_was: int
    attempts: int
    run_id: int | None


def install_audit(connection: Connection) -> None:
    """Have the database write the history from now on."""
    numbered = "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY"
    if connection.dialect.name == "sqlite":
        numbered = "INTEGER PRIMARY KEY AUTOINCREMENT"
    for name, columns in _TABLES.items():
        connection.execute(text(f"CREATE TABLE {name} (number {numbered}, {columns})"))
    for table, name, cause, noted_in, noted, values in _TRIGGERS:
        note = f"INSERT INTO {noted_in} ({', '.join(noted)}) VALUES ({values});"  # noqa: S608 - made of the constants above
        on = f"CREATE TRIGGER {name} AFTER {cause} ON {table} FOR EACH ROW"
        if connection.dialect.name == "sqlite":
            connection.execute(text(f"{on} BEGIN {note} END"))
        else:
            body = f"BEGIN {note} RETURN NULL; END"
            connection.execute(
                text(f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $${body}$$")
            )
            connection.execute(text(f"{on} EXECUTE FUNCTION {name}()"))


def task_steps(connection: Connection) -> list[TaskStep]:
    """Give the history of all tasks, in order."""
    rows = connection.execute(
        text(f"SELECT {', '.join(_TASK)} FROM audit_tasks ORDER BY number")  # noqa: S608 - constants
    )
    return [TaskStep(*row) for row in rows]


def wrong_steps(steps: list[TaskStep]) -> list[str]:
    """I4: name every step that only a worker without a right, or without a memory, could take."""
    by_task: defaultdict[int, list[TaskStep]] = defaultdict(list)
    for step in steps:
        by_task[step.task_id].append(step)
    wrong = [why for history in by_task.values() for step in history if (why := _wrong(step))]
    for task_id, history in by_task.items():
        for before, after in pairwise(history):
            if (before.state, before.token) != (after.was, after.token_was):
                wrong.append(f"task {task_id}: {after} does not follow {before}")
    return wrong


def wrong_crowds(connection: Connection, places: int) -> list[str]:
    """I5: name every moment at which a user had two batches, or the server too many."""
    rows = connection.execute(
        text(f"SELECT {', '.join(_JOB)} FROM audit_jobs ORDER BY number")  # noqa: S608 - constants
    )
    now: dict[int, tuple[int, str, int | None]] = {}
    wrong = []
    for job_id, user_id, kind, state, place in rows:
        if kind != "batch":
            continue
        now[job_id] = (user_id, state, place)
        active = [user for user, how, _ in now.values() if how in _BATCH_ACTIVE]
        held = [where for _, _, where in now.values() if where is not None]
        if active.count(user_id) > 1:
            wrong.append(f"user {user_id} has {active.count(user_id)} batches at once")
        if len(held) > places or len(set(held)) < len(held):
            wrong.append(f"the places {held} are taken, and there are {places}")
    return wrong


def _wrong(step: TaskStep) -> str | None:
    is_claim = step.state == "running" and step.was != "running"
    if step.was != step.state and (step.was, step.state) not in _STEPS:
        return f"{step}: no such step"
    if step.token - step.token_was != int(is_claim):
        return f"{step}: a token goes up by one with each claim and never else"
    if is_claim and step.attempts != step.attempts_was + 1:
        return f"{step}: a claim counts as one attempt"
    if step.state == "done" and step.run_id is None:
        return f"{step}: done without a run"
    return None
