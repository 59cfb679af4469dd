"""A game as it was played: frozen values that every other room reads."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

import chess


class Side(StrEnum):
    """One of the two players."""

    WHITE = "white"
    BLACK = "black"

    @classmethod
    def of(cls, color: chess.Color) -> Self:
        return cls("white" if color == chess.WHITE else "black")

    @property
    def color(self) -> chess.Color:
        return self is Side.WHITE

    @property
    def other(self) -> "Side":
        return Side.BLACK if self is Side.WHITE else Side.WHITE


class Variant(StrEnum):
    """The rules that we analyse; every other variant is set aside by the readers."""

    STANDARD = "standard"
    CHESS960 = "chess960"


class Result(StrEnum):
    """How the game ended, in PGN's words."""

    WHITE_WON = "1-0"
    BLACK_WON = "0-1"
    DRAW = "1/2-1/2"
    UNKNOWN = "*"

    @property
    def winner(self) -> Side | None:
        match self:
            case Result.WHITE_WON:
                return Side.WHITE
            case Result.BLACK_WON:
                return Side.BLACK
            case _:
                return None


class Site(StrEnum):
    """Where the game was played, as far as its headers tell."""

    LICHESS = "lichess"
    CHESSCOM = "chesscom"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Place:
    """Where in the input something stands, for messages to a person."""

    source: str
    """The file's name as the user gave it, ``-`` for standard input."""
    number: int
    """The game's number in that source, from 1."""
    line: int | None
    """The line on which it starts, from 1; absent where the format has no lines."""

    def __str__(self) -> str:
        at = f", line {self.line}" if self.line is not None else ""
        return f"{self.source}: game {self.number}{at}"


@dataclass(frozen=True, slots=True)
class SuppliedEvaluation:
    """An evaluation that came with the game, of the position after a move, from White's side.

    Exactly one of ``cp`` (centipawns) and ``mate`` (moves, negative when Black mates) is set.
    """

    cp: int | None
    mate: int | None
    depth: int | None = None
    best: str | None = None
    """The better move that the source names, UCI; it stands for the position *before* the move."""
    variation: tuple[str, ...] = ()
    """The line that starts with ``best``, SAN."""


@dataclass(frozen=True, slots=True)
class PlayedMove:
    """One ply of a game: the move and what the input says of it."""

    ply: int
    """1 for the first move of the game, whoever makes it."""
    move: chess.Move
    written: str
    """The move as the input spells it; `positions.sans` gives standard algebraic notation."""
    clock_s: float | None = None
    """Seconds left on the mover's clock after the move."""
    elapsed_s: float | None = None
    """Seconds spent as the input itself says (``[%emt]``)."""
    supplied: SuppliedEvaluation | None = None


@dataclass(frozen=True, slots=True)
class Player:
    """A name and a rating as the headers give them; either may be absent."""

    name: str | None
    rating: int | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Game:
    """One game of standard chess or Chess960, legal from its first move to its last."""

    headers: Mapping[str, str]
    """PGN tags in the order of the input: verbatim, only decoded, up to 1,000 characters each."""
    variant: Variant
    initial_fen: str
    moves: tuple[PlayedMove, ...]
    result: Result
    pgn: str
    """The text of the game as it came; made by us where the input was JSON without PGN."""
    place: Place
    site: Site = Site.OTHER
    site_id: str | None = None
    """The game's name on its site (``q7ZvsdUF``, ``457660339``)."""

    def player(self, side: Side) -> Player:
        prefix = "White" if side is Side.WHITE else "Black"
        return Player(
            name=known(self.headers.get(prefix)),
            rating=_rating(self.headers.get(f"{prefix}Elo")),
            title=known(self.headers.get(f"{prefix}Title")),
        )

    def side_to_move(self, ply: int) -> Side:
        """Tell who makes the given ply (1 is the game's first move)."""
        starts = self.initial_fen.split(" ")[1:2] != ["b"]
        return Side.of(starts == (ply % 2 == 1))


@dataclass(frozen=True, slots=True)
class SetAside:
    """A sound entry of the input that we do not analyse, with the reason in words."""

    place: Place
    reason: str
    """One of few, so that games can be counted by it."""
    headers: Mapping[str, str]
    detail: str = ""
    """What holds for this game alone: which move, how long."""


@dataclass(frozen=True, slots=True)
class Broken:
    """An entry of the input that could not be read: what is wrong, and on which line."""

    place: Place
    reason: str
    line: int | None
    """The line of the fault itself, where it is known; ``place.line`` is where the game starts."""
    headers: Mapping[str, str]


Entry = Game | SetAside | Broken
"""What a reader yields: every game of the input is exactly one of the three."""


def known(value: str | None) -> str | None:
    """Give a header's value, or nothing where PGN's ``?`` or ``-`` says that it is unknown."""
    value = (value or "").strip()
    return value if value.strip("?.-*") else None


def _rating(value: str | None) -> int | None:
    digits = (value or "").strip().rstrip("?")
    # Provisional ratings end in "?"; four digits hold every rating that there is.
    plausible = digits.isascii() and digits.isdigit() and len(digits) <= 4  # noqa: PLR2004
    return int(digits) or None if plausible else None
