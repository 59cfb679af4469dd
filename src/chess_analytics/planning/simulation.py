"""The queue without a server: jobs come, slots take games by `jobs.fair_share`, and all is timed.

What a server does is repeated here event by event: a user's job begins where the others are, a free
slot takes the game whose turn it is, and what it cost is charged. The rules themselves are the
server's own code.
"""

from collections import deque
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass, field

import simpy

from chess_analytics.jobs import fair_share
from chess_analytics.jobs.fair_share import ReadyJob, Share
from chess_analytics.planning.demand import Asked
from chess_analytics.planning.scaling import Fixed, Scaling

_SINGLE, _BATCH = 0, 1


@dataclass(frozen=True, slots=True)
class Waited:
    """What became of a job."""

    asked: Asked
    begun_s: float
    """When an engine took its first game."""
    ended_s: float

    @property
    def wait_s(self) -> float:
        """From its creation to its completion."""
        return self.ended_s - self.asked.at_s


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a simulation has shown."""

    waited: tuple[Waited, ...]
    """In the order in which the jobs ended."""
    over_s: float
    """How long it took until the last one had ended."""
    busy_slot_s: float
    paid_slot_s: float
    """Slots that were there, at work or not, over time."""
    most_slots: int
    most_at_work: int
    """Batch jobs that were at work at once."""


@dataclass(slots=True)
class _Job:
    """A job that has games left."""

    ready: ReadyJob
    asked: Asked
    next_game: int = 0
    running: int = 0
    begun_s: float = 0.0

    @property
    def has_more(self) -> bool:
        return self.next_game < len(self.asked.seconds)


def simulate(
    asked: Sequence[Asked], scaling: Scaling | Fixed, *, overhead_s: float = 0.0
) -> Outcome:
    """Let jobs come and be worked off.

    Each user has one batch at work at a time; the next one waits, as users do, until that has
    ended. There are places for all of them. A game costs its slot ``overhead_s`` on top.
    """
    queue = _Queue(scaling, overhead_s)
    queue.run(asked)
    return queue.outcome()


@dataclass
class _Queue:
    """Jobs, slots and shares at a moment of simulated time."""

    scaling: Scaling | Fixed
    overhead_s: float
    world: simpy.Environment = field(default_factory=simpy.Environment)
    later: dict[int, deque[_Job]] = field(default_factory=dict)
    """Batches of users who have one at work, by these users."""
    jobs: dict[int, _Job] = field(default_factory=dict)
    """Jobs at work that have a game to be taken, by number."""
    ready: dict[int, ReadyJob] = field(default_factory=dict)
    """The same, as whoever chooses among them sees them."""
    shares: dict[int, Share] = field(default_factory=dict)
    greatest: Share = field(default_factory=Share)
    """Of all shares that of which most was had: where nobody has work a newcomer begins there."""
    holders: set[int] = field(default_factory=set)
    """Users with a batch job at work."""
    waited: list[Waited] = field(default_factory=list)
    busy: int = 0
    busy_slot_s: float = 0.0
    most_at_work: int = 0
    backlog_s: float = 0.0
    """Engine seconds that are at work or wait for a slot."""

    def __post_init__(self) -> None:
        self.slots = self.most_slots = self.scaling.least
        self.paid_slot_s = 0.0
        self._paid_until_s = 0.0
        self._is_looking = False

    def run(self, asked: Sequence[Asked]) -> None:
        self.world.process(self._arrivals(asked))
        self.world.run()

    def outcome(self) -> Outcome:
        self._pay()
        return Outcome(
            tuple(self.waited),
            self.world.now,
            self.busy_slot_s,
            self.paid_slot_s,
            self.most_slots,
            self.most_at_work,
        )

    def _arrivals(self, asked: Sequence[Asked]) -> Generator[simpy.Event, None, None]:
        for number, job in enumerate(asked):
            # Sums of fractions: it may be a hair later than it should.
            yield self.world.timeout(max(0.0, job.at_s - self.world.now))
            service = _SINGLE if job.is_single else _BATCH
            arrived = _Job(ReadyJob(number, job.user_id, service), job)
            self.backlog_s += sum(job.seconds)
            if job.is_single:
                self._put_to_work(arrived)
            elif job.user_id in self.holders:
                self.later.setdefault(job.user_id, deque()).append(arrived)
            else:
                self._begin(arrived)
            self._fill()
            if isinstance(self.scaling, Scaling) and not self._is_looking:
                self.world.process(self._scale(self.scaling))

    def _begin(self, job: _Job) -> None:
        self.holders.add(job.asked.user_id)
        self.most_at_work = max(self.most_at_work, len(self.holders))
        self._put_to_work(job)

    def _put_to_work(self, job: _Job) -> None:
        user_id = job.asked.user_id
        others = {each.user_id for each in self.ready.values()}
        if user_id not in others:
            mine = self.shares.get(user_id, Share())
            theirs: Iterable[Share] = (self.shares[other] for other in others)
            self.shares[user_id] = fair_share.begin(mine, theirs, [self.greatest])
        self.jobs[job.ready.job_id] = job
        self.ready[job.ready.job_id] = job.ready

    def _fill(self) -> None:
        """Let free slots take the games whose turn it is."""
        while self.busy < self.slots and self.ready:
            turn = fair_share.choose(self.ready.values(), self.shares)
            if turn is None:
                return
            self._take(self.jobs[turn.job_id])

    def _take(self, job: _Job) -> None:
        """Let a free slot begin the next game of a job."""
        cost_s = job.asked.seconds[job.next_game]
        if not job.next_game:
            job.begun_s = self.world.now
        job.next_game += 1
        job.running += 1
        if not job.has_more:
            del self.ready[job.ready.job_id]
            del self.jobs[job.ready.job_id]
        user_id = job.asked.user_id
        self.shares[user_id] = fair_share.claimed(self.shares[user_id], cost_s)
        self.busy += 1
        self.world.process(self._analyse(job, cost_s))

    def _analyse(self, job: _Job, cost_s: float) -> Generator[simpy.Event, None, None]:
        yield self.world.timeout(cost_s + self.overhead_s)
        user_id = job.asked.user_id
        # A server expects of a game what its length says: here it is right.
        self.shares[user_id] = fair_share.ended(self.shares[user_id], cost_s, cost_s)
        self.greatest = max(self.greatest, self.shares[user_id], key=lambda share: share.vtime)
        self.busy -= 1
        self.busy_slot_s += cost_s + self.overhead_s
        # Sums of fractions leave a rest, which is no work.
        self.backlog_s = self.backlog_s - cost_s if self.jobs or self.busy else 0.0
        job.running -= 1
        if not job.running and not job.has_more:
            self.waited.append(Waited(job.asked, job.begun_s, self.world.now))
            if not job.asked.is_single:
                self.holders.discard(user_id)
                if next_one := self.later.get(user_id):
                    self._begin(next_one.popleft())
        self._fill()

    def _scale(self, scaling: Scaling) -> Generator[simpy.Event, None, None]:
        """Look at the backlog again and again; what is started comes after a while.

        With no work and no more slots than the fewest nothing can change until a job comes.
        """
        self._is_looking = True
        calm = deque([0] * scaling.calm_looks, maxlen=scaling.calm_looks)
        while self.jobs or self.busy or self.slots > scaling.least:
            wanted = scaling.wanted(self.backlog_s)
            calm.append(wanted)
            if wanted > self.slots:
                self.world.process(self._grow(scaling, wanted))
            elif (settled := max(calm)) < self.slots:
                # Only slots that are idle go; those at work end their games first.
                self._set_slots(max(settled, self.busy))
            yield self.world.timeout(scaling.look_s)
        self._is_looking = False

    def _grow(self, scaling: Scaling, wanted: int) -> Generator[simpy.Event, None, None]:
        yield self.world.timeout(scaling.start_s)
        if wanted > self.slots:
            self._set_slots(wanted)
            self._fill()

    def _set_slots(self, slots: int) -> None:
        self._pay()
        self.slots = slots
        self.most_slots = max(self.most_slots, slots)

    def _pay(self) -> None:
        self.paid_slot_s += self.slots * (self.world.now - self._paid_until_s)
        self._paid_until_s = self.world.now
