"""What workers can claim, in SQL that uses the indexes which were made for it.

States stand in the statements as they are: an index of some rows is of no use for a state that the
database is told only when the statement runs.
"""

from sqlalchemy import ColumnElement, Exists, and_, bindparam, literal_column, select

from chess_analytics.store.job_rows import ENDED, WORKABLE, JobState, TaskState
from chess_analytics.store.job_tables import jobs, tasks


def _task_is(state: TaskState) -> ColumnElement[bool]:
    return tasks.c.state == literal_column(f"'{state}'")


IS_QUEUED = _task_is(TaskState.QUEUED)
IS_RUNNING = _task_is(TaskState.RUNNING)
IS_FAILED = _task_is(TaskState.FAILED)
IS_OPEN = tasks.c.state.in_(
    [literal_column(f"'{state}'") for state in (TaskState.QUEUED, TaskState.RUNNING)]
)
"""It has not ended."""

IS_OPEN_JOB = jobs.c.state.in_(sorted(set(JobState) - ENDED))
"""The job has not ended."""

IS_WORKABLE = jobs.c.state.in_([literal_column(f"'{state}'") for state in sorted(WORKABLE)])
"""Workers may claim the job's tasks."""

_other = tasks.alias("other")
_is_at_work_on_it = (
    select(_other.c.id)
    .where(
        _other.c.game_id == tasks.c.game_id,
        _other.c.state == literal_column(f"'{TaskState.RUNNING}'"),
    )
    .exists()
)

IS_CLAIMABLE = and_(
    IS_QUEUED,
    tasks.c.not_before_ms <= bindparam("now_ms"),
    # Its game was deleted; the sweep cancels it.
    tasks.c.game_id.is_not(None),
    ~_is_at_work_on_it,
)
"""A task that can be claimed at ``now_ms``, which the statement is given."""


def has_claimable() -> Exists:
    """Say that a job has a task that can be claimed at ``now_ms``."""
    return select(tasks.c.id).where(tasks.c.job_id == jobs.c.id, IS_CLAIMABLE).exists()


def has_open() -> Exists:
    """Say that a job has a task that has not ended."""
    return select(tasks.c.id).where(tasks.c.job_id == jobs.c.id, IS_OPEN).exists()
