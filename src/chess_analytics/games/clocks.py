"""Seconds spent per move; the speed class of a time control."""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from chess_analytics.games.model import Game, PlayedMove, Site, known


class Speed(StrEnum):
    """How fast a game is, in the words of Lichess."""

    ULTRA_BULLET = "ultraBullet"
    BULLET = "bullet"
    BLITZ = "blitz"
    RAPID = "rapid"
    CLASSICAL = "classical"
    CORRESPONDENCE = "correspondence"


# Lichess counts on a game of 40 moves, and names it by the seconds that a player gets for them
# (scalachess, Speed). Each bound belongs to the next class.
TYPICAL_MOVES = 40
_BOUNDS = (
    (30, Speed.ULTRA_BULLET),
    (180, Speed.BULLET),
    (480, Speed.BLITZ),
    (1500, Speed.RAPID),
)

# Sites sell correspondence chess by whole days a move; below that it is a game at the board.
DAILY_FROM_S = 86_400

# How far a clock may rise beyond its increment before somebody must have added time: each of two
# readings may be off by most of a second. (No clock of 185,000 real moves rose at all.)
ROUNDING_S = 1.5


@dataclass(frozen=True, slots=True)
class Stage:
    """Seconds for a number of moves, or for the rest of the game where ``moves`` is absent."""

    moves: int | None
    seconds: float
    increment_s: float = 0.0


@dataclass(frozen=True, slots=True)
class TimeControl:
    """What the TimeControl tag says. The last stage repeats if it is for a number of moves."""

    stages: tuple[Stage, ...]
    """Empty where the game is played without a clock (``-``)."""
    is_hourglass: bool = False
    """One player's seconds run to the other (``*60``)."""

    @property
    def initial_s(self) -> float | None:
        return self.stages[0].seconds if self.stages else None

    @property
    def increment_s(self) -> float:
        return self.stages[0].increment_s if self.stages else 0.0

    @property
    def per_move_s(self) -> float | None:
        """Seconds for each single move, not carried over (``1/259200``: three days a move)."""
        alone = len(self.stages) == 1 and self.stages[0].moves == 1
        return self.stages[0].seconds if alone else None

    @property
    def is_daily(self) -> bool:
        return (self.per_move_s or 0.0) >= DAILY_FROM_S

    def granted_s(self, moves: int) -> float:
        """Sum all the seconds that a player gets until so many moves have been made."""
        pairs = list(itertools.islice(_grants(self), moves))
        bonuses = sum(bonus for _, bonus in pairs[:-1])
        return (self.initial_s or 0.0) + sum(increment for increment, _ in pairs) + bonuses


def time_control(game: Game) -> TimeControl | None:
    """Read the TimeControl tag; nothing where it is missing, ``?``, or in words of its own.."""
    return parse_time_control(game.headers.get("TimeControl", ""))


def parse_time_control(text: str) -> TimeControl | None:
    """Read the value of a TimeControl tag as `time_control` does."""
    text = text.strip()
    if text == "-":
        return TimeControl(())
    if not known(text):
        return None
    if hourglass := _HOURGLASS.fullmatch(text):
        return TimeControl((Stage(None, float(hourglass["seconds"])),), is_hourglass=True)
    if words := _IN_WORDS.fullmatch(text):
        minutes, seconds = float(words["minutes"]), float(words["increment"] or 0)
        return TimeControl((Stage(None, minutes * 60, seconds),))
    return _stages(text.split(":"))


def speed(game: Game) -> Speed | None:
    """Class a game by Lichess's rule: the initial seconds and forty increments.

    A game without a clock is correspondence, as on Lichess. Chess.com draws its lines elsewhere
    (its rapid starts at 10 minutes), so its own names differ from these now and then.
    """
    control = time_control(game)
    if control is None or control.is_hourglass:
        return None
    if not control.stages or control.is_daily:
        return Speed.CORRESPONDENCE
    estimated_s = control.granted_s(TYPICAL_MOVES)
    return next((name for bound, name in _BOUNDS if estimated_s < bound), Speed.CLASSICAL)


def seconds_spent(game: Game) -> tuple[float | None, ...]:
    """Tell the seconds spent on each ply; nothing where the input does not tell.

    The first move of each side is unknown (sites start their clocks at different moments), so is
    a move without this clock or the one before it, a move during which somebody gave time, and
    every move under an unknown time control, because its increment is unknown too. ``[%emt]``
    goes before all this.
    """
    control = time_control(game)
    on_lichess = game.site is Site.LICHESS
    spent: list[float | None] = [None] * len(game.moves)
    for first in (0, 1):
        own = game.moves[first::2]
        spent[first::2] = _spent_by_one_side(control, own, on_lichess=on_lichess)
    return tuple(spent)


_HOURGLASS = re.compile(r"\*(?P<seconds>\d+(?:\.\d+)?)")
_STAGE = re.compile(
    r"(?:(?P<moves>\d{1,4})/)?(?P<seconds>\d{1,9}(?:\.\d+)?)(?:\+(?P<increment>\d{1,7}(?:\.\d+)?))?"
)
# Lichess broadcasts: "15 min. + 10 s. per move", "15 minutes + 10 seconds increment per move,
# starting from move 1". Whatever counts moves ("90 min for 40 moves + ...") is not understood.
_IN_WORDS = re.compile(
    r"(?P<minutes>\d{1,4}) ?min(?:utes?)?\.?"
    r"(?: ?\+ ?(?P<increment>\d{1,4}) ?s(?:ec(?:onds?)?)?\.?"
    r"(?: increment)?(?: ?(?:per|/) ?move)?(?:,? ?(?:starting )?from move (?:1|one))?)?",
    re.IGNORECASE,
)


def _stages(parts: list[str]) -> TimeControl | None:
    stages = tuple(stage for part in parts if (stage := _stage(part)))
    follow_on = all(stage.moves for stage in stages[:-1])
    return TimeControl(stages) if len(stages) == len(parts) and follow_on else None


def _stage(part: str) -> Stage | None:
    match = _STAGE.fullmatch(part)
    if match is None or int(match["moves"] or 1) == 0:
        return None
    moves = int(match["moves"]) if match["moves"] else None
    return Stage(moves, float(match["seconds"]), float(match["increment"] or 0))


def _grants(control: TimeControl) -> Iterator[tuple[float, float]]:
    """Yield for every move its increment, and the seconds of a stage that begins after it."""
    if not control.stages:
        return
    endless = itertools.chain(control.stages, itertools.repeat(control.stages[-1]))
    for stage, following in itertools.pairwise(endless):
        if stage.moves is None:
            yield from itertools.repeat((stage.increment_s, 0.0))
        yield from itertools.repeat((stage.increment_s, 0.0), (stage.moves or 0) - 1)
        yield stage.increment_s, following.seconds


def _spent_by_one_side(
    control: TimeControl | None, own: tuple[PlayedMove, ...], *, on_lichess: bool
) -> Iterator[float | None]:
    if control is None or control.is_hourglass or not control.stages:
        by_clock: Iterator[float | None] = itertools.repeat(None)
    elif control.per_move_s is not None:
        by_clock = _against_allowance(control.per_move_s, own)
    else:
        berserk = on_lichess and _has_berserked(control, own)
        by_clock = _between_readings(own, () if berserk else _grants(control))
    for played, spent in zip(own, by_clock, strict=False):
        yield spent if played.elapsed_s is None else max(played.elapsed_s, 0.0)


def _against_allowance(allowance_s: float, own: tuple[PlayedMove, ...]) -> Iterator[float | None]:
    yield None
    for played in own[1:]:
        yield None if played.clock_s is None else _unless_given(allowance_s - played.clock_s)


def _between_readings(
    own: tuple[PlayedMove, ...], grants: Iterable[tuple[float, float]]
) -> Iterator[float | None]:
    due_s = 0.0  # Granted by a stage; some clocks show it at once, others only when they run out.
    before: float | None = None
    for played, (increment, bonus) in zip(own, itertools.chain(grants, _NOTHING), strict=False):
        due_s += bonus
        now, spent = played.clock_s, None
        if before is not None and now is not None:
            spent = before + increment - now
            if spent < -ROUNDING_S:
                spent, due_s = spent + due_s, 0.0
            elif 0.0 < bonus <= now:
                spent = None  # Shown or not shown yet: either can be, and they differ by the bonus.
        before = now
        yield _unless_given(spent)


_NOTHING = itertools.repeat((0.0, 0.0))


def _unless_given(spent: float | None) -> float | None:
    """Take a small negative for rounding, and give up where somebody must have added time."""
    return None if spent is None or spent < -ROUNDING_S else max(round(spent, 3), 0.0)


def _has_berserked(control: TimeControl, own: tuple[PlayedMove, ...]) -> bool:
    """Tell whether a player of a Lichess tournament gave half the time and all increments away.

    The first move costs no time there, so its clock shows what the player started with.
    """
    first = own[0].clock_s if own else None
    return first is not None and abs(first - (control.initial_s or 0.0) / 2) <= ROUNDING_S
