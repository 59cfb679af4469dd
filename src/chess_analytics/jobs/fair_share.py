"""Whose turn it is: start-time fair queueing of users, pure.

A user's virtual time is what their finished tasks have cost, and their running ones are expected
to, in engine seconds by weight. Who has least goes first. `store.task_choice` says the same in SQL,
and a test holds the two together.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Share:
    """What a user has had, and gets at the moment."""

    vtime: float = 0.0
    """What finished tasks have cost, in engine seconds by weight."""
    weight: float = 1.0
    running_s: float = 0.0
    """What the running ones are expected to take, in engine seconds."""

    @property
    def virtual_time(self) -> float:
        """How much the user has had; the least goes first."""
        return self.vtime + self.running_s / self.weight


_NOTHING_YET = Share()


@dataclass(frozen=True, slots=True)
class ReadyJob:
    """A job that has a task which can be claimed now."""

    job_id: int
    user_id: int
    service: int
    """A lower one always goes first."""
    priority: int = 0
    """Among the user's own jobs, the highest first."""


def choose(ready: Collection[ReadyJob], shares: Mapping[int, Share]) -> ReadyJob | None:
    """Choose the job whose turn it is: by class, then by user, then by the user's own priorities.

    Of users who have had the same, the one who came first to the server goes first.
    """

    def turn(job: ReadyJob) -> tuple[int, float, int, int, int]:
        had = shares.get(job.user_id, _NOTHING_YET).virtual_time
        return job.service, had, job.user_id, -job.priority, job.job_id

    return min(ready, key=turn, default=None)


def begin(share: Share, ready_others: Iterable[Share], everybody: Iterable[Share]) -> Share:
    """Let a user who had no work for workers begin where those are who have some.

    What counts is what finished tasks have cost: those that run go on beside the newcomer's, and
    are the others' part of what is shared from now on. Where nobody has work, the beginning is the
    greatest there is: so time never goes back, and idling earns nothing.
    """
    others = [other.vtime for other in ready_others]
    start = min(others) if others else max((each.vtime for each in everybody), default=0.0)
    return replace(share, vtime=max(share.vtime, start))


def claimed(share: Share, estimate_s: float) -> Share:
    """Reckon with a task that a worker has claimed."""
    return replace(share, running_s=share.running_s + estimate_s)


def ended(share: Share, estimate_s: float, cost_s: float) -> Share:
    """Charge what a task has really cost; nothing when its worker has died."""
    running_s = max(0.0, share.running_s - estimate_s)
    return replace(share, vtime=share.vtime + cost_s / share.weight, running_s=running_s)
