"""Drills as the API shows them."""

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.games.model import Side, Variant
from chess_analytics.review.judgment import Judgment
from chess_analytics.training.answers import Verdict
from chess_analytics.training.schedule import Grade


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True)


class DrillMistake(_Frozen):
    """A move of a game that made the drill."""

    game_id: int
    ply: int
    uci: str
    san: str
    judgment: Judgment
    loss: float = Field(description="Winning chance given away, in percent points.")
    played_ms: int | None
    white: str | None
    black: str | None


class Drill(_Frozen):
    """A position in which I missed something better; without its solution."""

    id: int
    variant: Variant
    fen: str = Field(description="Without history: its counters are 0 and 1.")
    side: Side = Field(description="Who is to move.")
    loss: float = Field(description="The greatest loss among its mistakes, in percent points.")
    mistakes: list[DrillMistake] = Field(description="The latest first.")
    is_new: bool = Field(description="It was never graded.")
    is_suspended: bool = Field(description="It was set aside.")
    begun_ms: int | None = Field(description="When it was graded first.")
    due_ms: int | None = Field(description="When it counts again; null for most new ones.")
    stability: float | None = Field(description="FSRS: days until 90 % are remembered.")
    difficulty: float | None = Field(description="FSRS: 1 (easy) to 10.")
    reviewed_ms: int | None = Field(description="When it was graded last.")


class DrillList(_Frozen):
    """A page of drills."""

    items: list[Drill]
    next: int | None = Field(description="Give it as `after` for the next page; null on the last.")


class DrillCountsView(_Frozen):
    """How many drills I have."""

    all: int
    due: int = Field(description="Begun, and to be done now.")
    new: int = Field(description="Never begun.")
    new_today: int = Field(description="So many of the new ones are offered today.")
    begun: int
    suspended: int = Field(description="Set aside; in none of the others but `all`.")
    next_ms: int | None = Field(description="When the next one is due that is not due yet.")
    games_to_read: int = Field(
        description="Analysed games whose mistakes are not among the drills yet; `gather` reads "
        "them."
    )


class DueDrills(_Frozen):
    """What is to be done now: drills that come back, the longest overdue first, then new ones."""

    items: list[Drill]
    counts: DrillCountsView


class GatheredView(_Frozen):
    """How far the mistakes of my games are known."""

    games: int = Field(description="Read just now.")
    left: int = Field(description="Still to be read: ask again.")


class TriedMove(_Frozen):
    """A move that was tried, and what it is worth."""

    uci: str
    san: str
    verdict: Verdict = Field(
        description="`unknown` where no analysis has looked at the move and there is no engine."
    )
    cp: int | None = Field(description="After the move, White's, in centipawns.")
    mate: int | None = Field(description="Moves to mate, negative when Black mates.")
    loss: float | None = Field(
        description="Winning chance given away against the best move, in percent points."
    )


class Solution(_Frozen):
    """What is right in a drill."""

    uci: str = Field(description="The engine's first choice.")
    san: str
    line: list[str] = Field(description="The line that begins with it, in standard notation.")
    cp: int | None
    mate: int | None
    also_right: list[str] = Field(description="Other moves that are known to be as good.")


class DrillAnswered(_Frozen):
    """What became of an answer."""

    answer: TriedMove
    grade: Grade | None = Field(
        description="How it counts for when the drill comes back; null where it was practice, or "
        "nobody knows the move."
    )
    drill: Drill = Field(description="As it is now.")
    solution: Solution | None = Field(description="Null until the answer is right, or was shown.")


class MoveGiven(BaseModel):
    """A move that is given as an answer."""

    model_config = ConfigDict(extra="forbid")

    move: str = Field(
        min_length=2,
        max_length=10,
        description="UCI or standard algebraic notation.",
        examples=["g1f3", "Nf3"],
    )


class AnswerGiven(MoveGiven):
    """An answer, and how long it took."""

    spent_ms: int | None = Field(
        default=None, ge=0, le=86_400_000, description="Milliseconds; null where nobody knows."
    )


class TryGiven(MoveGiven):
    """A move that is tried in the place of one that was played."""

    ply: int = Field(ge=1, le=32_767, description="The ply whose move it replaces.")
