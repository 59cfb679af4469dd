"""What is logged belongs to a request, a job, a task, a user: their numbers, never names."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

Id = int | str

_IDS: ContextVar[dict[str, Id] | None] = ContextVar("chess_analytics_ids", default=None)


@contextmanager
def belonging_to(**ids: Id | None) -> Iterator[None]:
    """Let whatever is logged in the body bear these numbers beside those that it bears already.

    They reach the threads in which FastAPI calls our functions, and no thread that we start.
    """
    here = {**current_ids(), **{name: it for name, it in ids.items() if it is not None}}
    before = _IDS.set(here)
    try:
        yield
    finally:
        _IDS.reset(before)


def note_ids(**ids: Id) -> None:
    """Add numbers that become known on the way, for the rest of the innermost `belonging_to`.

    Also for those who have called us: a request's user is found out in a thread of its own.
    """
    here = _IDS.get()
    if here is not None:
        here.update(ids)


def current_ids() -> Mapping[str, Id]:
    """Give the numbers that hold here."""
    return _IDS.get() or {}
