"""A look at the database from outside, while other processes work with it or after they died."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import ColumnElement, Connection, create_engine, func, select, text, update
from sqlalchemy.pool import NullPool

from chess_analytics.store.job_rows import StoredJob, TaskCounts, stored_job
from chess_analytics.store.job_tables import jobs, leases, tasks, workers
from tests.faults.audit import TaskStep, task_steps

_IS_RUNNING = tasks.c.state == "running"
_FILE = "analyses.sqlite3"


class Looking:
    """Opens a connection for each look, so that a database that was away is found again."""

    def __init__(self, data: Path, url: str | None) -> None:
        # Only processes that write have to be alone with SQLite; this one never does.
        address = url or f"sqlite:///file:{data / _FILE}?mode=ro&uri=true"
        self.is_embedded = url is None
        self._engine = create_engine(address, poolclass=NullPool)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        with self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Change PostgreSQL's rows behind the back of everybody."""
        assert not self.is_embedded
        with self._engine.begin() as connection:
            yield connection

    def jobs(self) -> list[StoredJob]:
        with self.reading() as connection:
            rows = connection.execute(select(jobs).order_by(jobs.c.id)).mappings().all()
        return [stored_job(row) for row in rows]

    def job(self, job_id: int) -> StoredJob:
        (found,) = (job for job in self.jobs() if job.id == job_id)
        return found

    def counts(self, job_id: int) -> TaskCounts:
        with self.reading() as connection:
            rows = connection.execute(
                select(tasks.c.state, func.count().label("many"))
                .where(tasks.c.job_id == job_id)
                .group_by(tasks.c.state)
            )
            return TaskCounts(**{row.state: row.many for row in rows})

    def most_attempts(self, job_id: int) -> int:
        with self.reading() as connection:
            most = select(func.max(tasks.c.attempts)).where(tasks.c.job_id == job_id)
            return connection.execute(most).scalar_one() or 0

    def worker_processes(self) -> set[int]:
        """Name the processes of all workers, by their names (`jobs.local.unique_name`)."""
        with self.reading() as connection:
            names = connection.execute(select(workers.c.name)).scalars().all()
        return {int(name.split("-")[-2]) for name in names}

    def tasks_of(self, pid: int) -> list[int]:
        """Name the tasks that a worker has at hand."""
        with self.reading() as connection:
            held = select(tasks.c.id).where(_is_by(tasks.c.worker, pid), _IS_RUNNING)
            return [*connection.execute(held).scalars()]

    def seen_ms(self, pid: int) -> int:
        """Tell when a worker last said that it lives."""
        with self.reading() as connection:
            seen = select(workers.c.seen_ms).where(_is_by(workers.c.name, pid))
            return int(connection.execute(seen).scalar_one())

    def let_leases_run_out(self, pid: int) -> None:
        """Have a worker's leases be over, as if it had been silent for a minute."""
        with self.writing() as connection:
            held = (_is_by(tasks.c.worker, pid), _IS_RUNNING)
            connection.execute(update(tasks).where(*held).values(lease_ms=1))
            holds = _is_by(leases.c.holder, pid)
            connection.execute(update(leases).where(holds).values(until_ms=1))

    def history(self) -> list[TaskStep]:
        """Give the history of all tasks so far."""
        with self.reading() as connection:
            return task_steps(connection)

    def done_before_last_of(self, job_id: int) -> int:
        """Count the games of all jobs that were done when the last of this one was, it included."""
        with self.reading() as connection:
            of_job = select(tasks.c.id).where(tasks.c.job_id == job_id)
            ours = set(connection.execute(of_job).scalars())
        done = [step.task_id for step in self.history() if step.state == "done"]
        return max(number for number, task_id in enumerate(done, start=1) if task_id in ours)

    def connections(self) -> int:
        """Count who else is connected; PostgreSQL's answer."""
        if self.is_embedded:
            return 0
        others = (
            "SELECT count(*) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        with self.reading() as connection:
            many: int = connection.execute(text(others)).scalar_one()
        return many


def _is_by(worker: ColumnElement[str], pid: int) -> ColumnElement[bool]:
    return worker.like(f"%-{pid}-%")
