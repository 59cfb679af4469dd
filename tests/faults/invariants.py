"""What must hold after every fault: the eight invariants, read from the database and from /proc.

I1 every accepted game ends in exactly one way; I2 an analysis has every ply once; I3 totals are the
rows; I4 nobody writes under a stale token; I5 one batch a user, and no more than there are places;
I6 the results are those of a run without faults; I7 nothing is left running or lying about; I8
nobody sees what is another's, and what is refused is refused properly.
"""

from collections import Counter
from collections.abc import Iterator

from sqlalchemy import Connection, func, select, text

from chess_analytics.review.judged_move import JudgedMove
from chess_analytics.store.facts import facts_of_runs
from chess_analytics.store.job_rows import ENDED, JobState, StoredJob, TaskCounts
from chess_analytics.store.job_tables import jobs, shares, tasks
from chess_analytics.store.moves import StoredMove, moves_of_run
from chess_analytics.store.packing import unpack
from chess_analytics.store.tables import game_texts, games, moves, runs
from tests.faults.audit import task_steps, wrong_crowds, wrong_steps
from tests.faults.looking import Looking
from tests.faults.machine import Machine
from tests.faults.oracle import Expecting, SimulatedHere, expectations

_simulated = expectations(SimulatedHere())
PLACES = 3
"""How many batches a server works on at once, unless it is set."""
# Floating-point sums in another order.
_ROUNDING_S = 1e-6


def check_invariants(
    machine: Machine, *, expecting: Expecting = _simulated, places: int = PLACES
) -> None:
    """Check everything that must hold of a machine whose jobs have all ended, and stop it."""
    broken = [*_proper_answers(machine)]
    machine.stop()
    machine.wait_until_quiet()
    broken += [f"I7: {path} was left" for path in (machine.data / "uploads").glob("*")]
    broken += wrong_rows(machine.looking, expecting=expecting, places=places)
    assert not broken, "\n".join([*broken[:20], machine.log()[-3000:]])


def wrong_rows(looking: Looking, *, expecting: Expecting, places: int) -> list[str]:
    """Name all that is wrong in the database."""
    found = looking.jobs()
    with looking.reading() as connection:
        wrong = [f"I1: {why}" for job in found for why in _unended(connection, job)]
        wrong += [f"I2: {why}" for why in _uneven_runs(connection)]
        wrong += [f"I3: {why}" for job in found for why in _untrue(job, looking.counts(job.id))]
        wrong += [f"I3: {why}" for why in _wrong_charges(connection)]
        wrong += [f"I4: {why}" for why in wrong_steps(task_steps(connection))]
        wrong += [f"I4: {why}" for why in _runs_of_nobody(connection)]
        wrong += [f"I5: {why}" for why in wrong_crowds(connection, places)]
        wrong += [f"I6: {why}" for why in _other_results(connection, expecting)]
        wrong += [f"I8: {why}" for why in _crossings(connection)]
        wrong += [f"damage: {why}" for why in _damage(connection)]
    return wrong


def _unended(connection: Connection, job: StoredJob) -> Iterator[str]:
    rows = connection.execute(select(tasks).where(tasks.c.job_id == job.id)).all()
    if job.state not in ENDED:
        yield f"job {job.id} is {job.state}"
    if sorted(row.ordinal for row in rows) != [*range(1, job.total + 1)]:
        yield f"job {job.id} has {len(rows)} tasks of {job.total}"
    doubled = [game for game, many in Counter(row.game_id for row in rows).items() if many > 1]
    if [game for game in doubled if game is not None]:
        yield f"job {job.id} has the games {doubled} twice"
    for row in rows:
        should = {"done": row.run_id is not None, "failed": bool(row.error), "cancelled": True}
        if not should.get(row.state) or row.lease_ms is not None:
            yield f"task {row.id} has not ended as it should: {row}"


def _uneven_runs(connection: Connection) -> Iterator[str]:
    counted = (
        select(runs.c.id, games.c.plies, func.count(moves.c.ply).label("many"))
        .add_columns(func.min(moves.c.ply).label("first"), func.max(moves.c.ply).label("last"))
        .join(games, games.c.id == runs.c.game_id)
        .outerjoin(moves, moves.c.run_id == runs.c.id)
        .group_by(runs.c.id, games.c.plies)
    )
    for row in connection.execute(counted):
        if (row.many, row.first, row.last) != (row.plies, 1, row.plies):
            yield f"run {row.id} has {row.many} moves, {row.first} to {row.last}, of {row.plies}"
    done = (
        select(tasks.c.id, tasks.c.run_id)
        .join(games, games.c.id == tasks.c.game_id)
        .outerjoin(runs, (runs.c.id == tasks.c.run_id) & (runs.c.game_id == games.c.id))
        .where(tasks.c.state == "done", runs.c.id.is_(None))
    )
    for row in connection.execute(done):
        yield f"task {row.id} is done with run {row.run_id}, which its game does not have"


def _untrue(job: StoredJob, counts: TaskCounts) -> Iterator[str]:
    if counts.total != job.total:
        yield f"job {job.id} says {job.total} and has {counts}"
    should = {
        JobState.COMPLETED: not counts.failed,
        JobState.COMPLETED_WITH_FAILURES: counts.failed and counts.done,
        JobState.FAILED: counts.failed and not counts.done,
        JobState.CANCELLED: True,
    }
    if job.state in ENDED and not should[job.state]:
        yield f"job {job.id} is {job.state} with {counts}"
    if job.state in ENDED and (job.place is not None or job.ended_ms is None):
        yield f"job {job.id} is {job.state} with the place {job.place}, ended {job.ended_ms}"


def _wrong_charges(connection: Connection) -> Iterator[str]:
    """Name users who were charged for less, or for more, than their tasks have cost."""
    costs = (
        select(shares.c.user_id, shares.c.vtime, func.sum(tasks.c.cost_s / shares.c.weight))
        .join(tasks, tasks.c.user_id == shares.c.user_id)
        .group_by(shares.c.user_id, shares.c.vtime)
    )
    users = connection.execute(text("SELECT count(DISTINCT user_id) FROM audit_jobs")).scalar_one()
    for user_id, vtime, cost in connection.execute(costs):
        # Who is alone has begun at zero; others at what somebody had been charged by then.
        is_wrong = vtime < (cost or 0) - _ROUNDING_S
        if users == 1:
            is_wrong = abs(vtime - (cost or 0)) > _ROUNDING_S
        if is_wrong:
            yield f"user {user_id} was charged {vtime} s for {cost} s"


def _runs_of_nobody(connection: Connection) -> Iterator[str]:
    """Name runs that no task has made, and tasks that have made the same one."""
    by = (
        select(runs.c.id, func.count(tasks.c.id).label("makers"))
        .outerjoin(tasks, (tasks.c.run_id == runs.c.id) & ~tasks.c.was_there)
        .where(runs.c.source == "engine")
        .group_by(runs.c.id)
        .having(func.count(tasks.c.id) != 1)
    )
    for row in connection.execute(by):
        yield f"run {row.id} was made by {row.makers} tasks"


def _other_results(connection: Connection, expecting: Expecting) -> Iterator[str]:
    """Name runs that differ from one without faults in an evaluation, a judged move or a fact."""
    found = connection.execute(
        select(runs.c.id, runs.c.profile, runs.c.evaluations, game_texts.c.pgn)
        .join(game_texts, game_texts.c.game_id == runs.c.game_id)
        .where(runs.c.source == "engine")
    ).all()
    facts = facts_of_runs(connection, [row.id for row in found])
    for row in found:
        expected = expecting(row.pgn, row.profile)
        if unpack(row.evaluations) != expected.evaluations:
            yield f"run {row.id} has other evaluations than a run without faults"
        stored = moves_of_run(connection, row.id)
        if [_moved(move) for move in stored] != [_moved(move) for move in expected.review.moves]:
            yield f"run {row.id} has other moves than a run without faults"
        if facts.get(row.id) != expected.facts:
            yield f"run {row.id} has other facts than a run without faults"


def _moved(move: StoredMove | JudgedMove) -> tuple[object, ...]:
    return (move.ply, move.uci, move.san, move.score, move.best, move.judgment, move.loss)


def _crossings(connection: Connection) -> Iterator[str]:
    """Name tasks that work on a game, or for a job, of another user."""
    crossed = (
        select(tasks.c.id)
        .join(jobs, jobs.c.id == tasks.c.job_id)
        .outerjoin(games, games.c.id == tasks.c.game_id)
        .where((jobs.c.user_id != tasks.c.user_id) | (games.c.user_id != tasks.c.user_id))
    )
    for row in connection.execute(crossed):
        yield f"task {row.id} has to do with two users"


def _damage(connection: Connection) -> Iterator[str]:
    """Name what SQLite finds damaged in its own file."""
    if connection.dialect.name == "sqlite":
        yield from (
            row[0] for row in connection.execute(text("PRAGMA integrity_check")) if row[0] != "ok"
        )
        yield from (str(row) for row in connection.execute(text("PRAGMA foreign_key_check")))


def _proper_answers(machine: Machine) -> Iterator[str]:
    """I8: name answers that no client could make sense of."""
    for answer in machine.answers:
        if answer.status >= 500 and answer.status != 503:
            yield f"I8: {answer.what} was answered with {answer.status}"
        if answer.status == 503 and answer.retry_after is None:
            yield f"I8: {answer.what} was refused without saying when to come again"
