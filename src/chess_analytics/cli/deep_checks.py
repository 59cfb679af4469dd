"""``chess-analytics doctor --deep``: whether a deployment is put together well.

Nothing is changed: what is written is taken back in the same transaction, and what is sent to the
broker goes to a queue of its own, which is removed.
"""

import os
import stat
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError

from chess_analytics.cli.checked import Finding
from chess_analytics.settings import LOOPBACK, Settings
from chess_analytics.store.job_pace import WORKER_MS
from chess_analytics.store.job_sweep import take_lease
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.queue_state import queue_state
from chess_analytics.store.server_state import database_facts
from chess_analytics.store.session import (
    Store,
    StoreError,
    StoreInUse,
    holds_library,
    look_into_store,
    open_store,
)
from chess_analytics.store.workers import count_slots

# Sessions, quotas and what people read go by the wall clocks of several machines.
MOST_SKEW_MS = 5_000
_TRIAL = "doctor"
_FOR_OTHERS = stat.S_IRWXG | stat.S_IRWXO


class _TakenBack(Exception):
    """Ends a transaction whose changes are not to stay."""


def deep_checks(settings: Settings) -> Iterator[Finding]:
    """Look at the database, the queue, the broker, the clocks and who may read what."""
    url = settings.database
    yield from folder_findings(settings.data_dir)
    yield from secret_findings(settings, os.environ)
    if url is None and not holds_library(settings.data_dir):
        yield Finding("database", "SQLite; not there yet, `chess-analytics serve` makes it")
    else:
        yield from _database(settings.data_dir, url)
    if settings.broker_url:
        yield broker_finding(settings.broker_url.get_secret_value())


def _database(folder: Path, url: str | None) -> Iterator[Finding]:
    try:
        with look_into_store(folder, url) as store:
            yield _tables(store)
            yield queue_finding(store)
            if not store.is_embedded:
                yield clock_finding(store)
    except (StoreError, SQLAlchemyError) as error:
        yield Finding("database", "it cannot be used", str(error))
        return
    yield _writing(folder, url)


def _tables(store: Store) -> Finding:
    # They are of our version: who looks into others is told so.
    with store.reading() as connection:
        facts = database_facts(connection)
    return Finding("database", f"{facts.kind} {facts.version}, tables of version {facts.tables}")


def queue_finding(store: Store) -> Finding:
    """Tell what waits, and whether anybody is there for it."""
    with store.reading() as connection:
        queued = sum(each.queued for each in queue_state(connection).classes.values())
        slots = count_slots(connection, lease_clock(store)(connection) - WORKER_MS)
    problem = (
        "nobody is there to analyse them: start `chess-analytics serve` or `chess-analytics worker`"
        if queued and not slots
        else None
    )
    return Finding("queue", f"{queued} games wait; {slots} slots were seen lately", problem)


def clock_finding(store: Store, wall_s: Callable[[], float] = time.time) -> Finding:
    """Compare this machine's clock with the database's."""
    with store.reading() as connection:
        before_s = wall_s()
        there_ms = lease_clock(store)(connection)
        here_ms = 500 * (before_s + wall_s())
    skew_s = (here_ms - there_ms) / 1000
    problem = (
        "sessions and quotas go by these clocks: let both machines follow a time server"
        if abs(skew_s) * 1000 > MOST_SKEW_MS
        else None
    )
    return Finding("clocks", f"this machine's is {skew_s:+.1f} s from the database's", problem)


def _writing(folder: Path, url: str | None) -> Finding:
    try:
        with open_store(folder, url) as store:
            return writing_finding(store)
    except StoreInUse:
        return Finding("writing", "a server has the data folder; its /api/v1/health/ready tells")
    except (StoreError, SQLAlchemyError) as error:
        return Finding("writing", "nothing can be written", str(error))


def writing_finding(store: Store) -> Finding:
    """Write into the database, read it back, and take it back."""
    clock = lease_clock(store)
    began_s = time.monotonic()
    try:
        with suppress(_TakenBack), store.writing() as connection:
            now_ms = clock(connection)
            until_ms = now_ms + 1000
            taken = take_lease(connection, _TRIAL, _TRIAL, now_ms=now_ms, until_ms=until_ms)
            assert taken  # noqa: S101 - nobody else asks for it
            raise _TakenBack
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip()
        return Finding("writing", "nothing can be written", f"the database refuses it: {reason}")
    return Finding("writing", f"a row there and back in {_ms_since(began_s)} ms")


def broker_finding(url: str) -> Finding:
    """Send a word to the broker, and get it back."""
    # Celery takes half a second to import: who has no fleet does not wait for it.
    from chess_analytics.jobs.fleet.broker import BrokerRefused  # noqa: PLC0415
    from chess_analytics.jobs.fleet.ringer import BrokerAway  # noqa: PLC0415
    from chess_analytics.jobs.fleet.trial import echo  # noqa: PLC0415

    began_s = time.monotonic()
    try:
        echo(url)
    except (BrokerAway, BrokerRefused) as error:
        return Finding(
            "broker",
            "it brings nothing",
            f"{error}; is Redis up, is CHESS_ANALYTICS_BROKER_URL right, and its password? "
            "Work is not lost: it waits in the database",
        )
    return Finding("broker", f"a word there and back in {_ms_since(began_s)} ms")


def folder_findings(folder: Path) -> Iterator[Finding]:
    """Tell whether we may write into the data folder, and who else may look into it."""
    try:
        if not folder.exists():
            return
        mode = stat.S_IMODE(folder.stat().st_mode)
        shut = sorted(it.name for it in folder.iterdir() if not os.access(it, os.R_OK | os.W_OK))
        is_ours = os.access(folder, os.R_OK | os.W_OK | os.X_OK)
    except PermissionError:
        is_ours, mode, shut = False, 0, []
    found, problem = f"{folder}; mode {mode:04o}", None
    if not is_ours:
        problem = "this user may not write there: give the folder to whoever runs us"
    elif shut:
        problem = f"this user may not write {', '.join(shut)}: were they made by another user?"
    elif mode & _FOR_OTHERS:
        problem = f"other users of this machine may look into it: chmod 700 {folder}"
    yield Finding("permissions", found, problem)


def secret_findings(settings: Settings, environment: Mapping[str, str]) -> Iterator[Finding]:
    """Look for secrets that are none: files that others may read, a broker without a password."""
    named = environment.get("PGPASSFILE")
    if named:
        file = Path(named)
        if not file.is_file():
            yield Finding("secrets", f"PGPASSFILE {file}", "there is no such file")
        elif stat.S_IMODE(file.stat().st_mode) & _FOR_OTHERS:
            problem = f"others may read it, and so PostgreSQL's client ignores it: chmod 600 {file}"
            yield Finding("secrets", f"PGPASSFILE {file}", problem)
    broker = urlsplit(settings.broker_url.get_secret_value()) if settings.broker_url else None
    if broker and not broker.password and broker.hostname not in LOOPBACK:
        yield Finding(
            "secrets",
            f"the broker on {broker.hostname}",
            "it asks for no password, so whoever reaches it can ring and empty it: set one "
            "(requirepass), and put it into CHESS_ANALYTICS_BROKER_URL",
        )


def _ms_since(began_s: float) -> int:
    return round(1000 * (time.monotonic() - began_s))
