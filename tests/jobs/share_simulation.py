"""Workers and users without a database: time goes by from one end of a task to the next."""

import heapq
from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from chess_analytics.jobs.fair_share import ReadyJob, Share, begin, choose, claimed, ended


@dataclass(slots=True)
class Simulation:
    """So many slots that claim by the rules of fair share."""

    slots: int
    now_s: float = 0.0
    shares: dict[int, Share] = field(default_factory=dict)
    queued: dict[int, deque[tuple[float, float]]] = field(default_factory=dict)
    """Of each user: what tasks are expected to take, and what they will take."""
    running: list[tuple[float, int, float, float]] = field(default_factory=list)
    """When it ends, whose it is, what it was expected to take, and what it takes."""
    had_s: defaultdict[int, float] = field(default_factory=lambda: defaultdict(float))
    ends_s: dict[int, float] = field(default_factory=dict)
    """When each user's last task ended."""

    def add_work(
        self, user_id: int, tasks: Iterable[tuple[float, float]], weight: float = 1.0
    ) -> None:
        share = self.shares.get(user_id, Share(weight=weight))
        queue = self.queued.setdefault(user_id, deque())
        if not queue:
            others = [self.shares[other] for other in self.ready() if other != user_id]
            share = begin(share, others, self.shares.values())
        self.shares[user_id] = share
        queue.extend(tasks)

    def ready(self) -> list[int]:
        return [user_id for user_id, queue in self.queued.items() if queue]

    def claim(self) -> None:
        """Give every free slot the task whose turn it is."""
        while len(self.running) < self.slots:
            job = choose([ReadyJob(user, user, 1) for user in self.ready()], self.shares)
            if job is None:
                return
            estimate_s, cost_s = self.queued[job.user_id].popleft()
            self.shares[job.user_id] = claimed(self.shares[job.user_id], estimate_s)
            heapq.heappush(self.running, (self.now_s + cost_s, job.user_id, estimate_s, cost_s))

    def run(self, until_s: float = float("inf"), *, until_done: int | None = None) -> None:
        """Let time go by, until a user has no more work if one is named."""
        self.claim()
        while self.running and self.running[0][0] <= until_s:
            self.now_s, user_id, estimate_s, cost_s = heapq.heappop(self.running)
            self.shares[user_id] = ended(self.shares[user_id], estimate_s, cost_s)
            self.had_s[user_id] += cost_s
            self.ends_s[user_id] = self.now_s
            self.claim()
            if user_id == until_done and not self.has_work(user_id):
                return
        self.now_s = until_s if self.running else self.now_s

    def has_work(self, user_id: int) -> bool:
        return bool(self.queued[user_id]) or any(task[1] == user_id for task in self.running)
