"""How long an engine may take: patience in numbers, and a clock that counts it down."""

from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

# Below this many nodes a search is over too soon to tell a speed.
_ENOUGH_NODES = 10_000
# How quickly a better speed is believed; a worse one is believed at once.
_BELIEF_IN_BETTER = 0.2
# Longer than this we never wait in one go, so that an interruption is seen and a freeze is noticed.
_SLICE_S = 0.5
# An engine that gets less than a twentieth of a processor will not get anywhere.
_MOST_FORGIVEN = 20


@dataclass(frozen=True, slots=True)
class Patience:
    """What an engine is allowed before it counts as hung."""

    start_s: float = 30.0
    """Seconds from the first word to being ready; a slow disk is no reason to give up."""
    floor_s: float = 10.0
    """No deadline is shorter, in seconds: other programs may hold the machine for a while."""
    factor: float = 4.0
    """How many times the expected duration a search may take."""
    first_guess_nps: int = 50_000
    """Nodes a second believed before anything was measured; a weak machine's under load."""

    def at_start(self) -> "Countdown":
        return Countdown(total_s=self.start_s, silence_s=self.start_s)

    def between_searches(self) -> "Countdown":
        return Countdown(total_s=self.floor_s, silence_s=self.floor_s)

    def for_search(self, nodes: int, nps: float) -> "Countdown":
        """Allow a search some times its expected duration, and silence once that duration."""
        expected_s = nodes / nps
        return Countdown(
            total_s=max(self.floor_s, self.factor * expected_s),
            silence_s=max(self.floor_s, expected_s),
        )


class Countdown:
    """The time that is left, in seconds in which we ourselves were running.

    When this program is frozen (Ctrl-Z, a suspended container, a sleeping laptop) the engine may
    have been frozen with it, and has not hung: a wait that took longer than it was meant to counts
    only as long as it was meant to.
    """

    def __init__(
        self, *, total_s: float, silence_s: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self._clock = clock
        self._looked_at_s = clock()
        self._total_s = total_s
        self._silence_allowed_s = silence_s
        self._left_s = total_s
        self._silence_left_s = silence_s
        self._forgiven = 0

    @property
    def slice_s(self) -> float:
        """The longest that may be waited before the next look."""
        return max(0.0, min(self._left_s, self._silence_left_s, _SLICE_S))

    @property
    def has_expired(self) -> bool:
        return self._left_s <= 0 or self._silence_left_s <= 0

    @property
    def why(self) -> str:
        """Say which of the two limits was passed."""
        if self._left_s <= 0:
            return f"it was not done after {self._total_s:.0f} s"
        return f"it said nothing for {self._silence_allowed_s:.0f} s"

    def forgive(self, cpu_s: float) -> bool:
        """Start anew for an engine that wants to run and is not let, having used ``cpu_s`` so far.

        On a busy machine time passes and the engine gets little of it, which is not its fault. It
        hangs when it has had the processor for as long as its search may take.
        """
        if cpu_s >= self._total_s or self._forgiven == _MOST_FORGIVEN:
            return False
        self._forgiven += 1
        self._left_s, self._silence_left_s = self._total_s, self._silence_allowed_s
        return True

    def look(self, *, heard: bool) -> None:
        """Take the time since the last look off what is left; a whole line ends a silence."""
        now_s = self._clock()
        counted_s = min(now_s - self._looked_at_s, self.slice_s)
        self._looked_at_s = now_s
        self._left_s -= counted_s
        self._silence_left_s = (
            self._silence_allowed_s if heard else self._silence_left_s - counted_s
        )


@dataclass(frozen=True, slots=True)
class Speed:
    """What an engine has done so far."""

    nodes: int = 0
    seconds: float = 0.0
    nps: float = 0.0
    """What to expect of the next search; 0 before anything was measured."""

    def after(self, nodes: int, seconds: float) -> "Speed":
        """Add a search: slower is believed at once, faster little by little."""
        return Speed(self.nodes + nodes, self.seconds + seconds, self._learnt(nodes, seconds))

    def _learnt(self, nodes: int, seconds: float) -> float:
        if nodes < _ENOUGH_NODES or seconds <= 0:
            return self.nps
        measured = nodes / seconds
        if not self.nps or measured < self.nps:
            return measured
        return self.nps + _BELIEF_IN_BETTER * (measured - self.nps)
