"""What a list of games is asked for: which games, in which order, from where on."""

import base64
import binascii
import json
from http import HTTPStatus
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from chess_analytics.api.problems import Problem
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort
from chess_analytics.store.game_rows import Outcome

# The largest number that both databases can hold.
MOST = 2**63 - 1
MOST_GAMES = 200
MOST_NAMED_GAMES = 200
_MOST_RATING = 9999
_MOST_ACCURACY = 100
_MOST_LETTERS = 200

_Id = Annotated[int, Field(ge=1, le=MOST)]
_Text = Annotated[str, Field(min_length=1, max_length=_MOST_LETTERS)]
_Rating = Annotated[int, Field(ge=0, le=_MOST_RATING)]
_Time = Annotated[int, Field(ge=-MOST, le=MOST)]


class GameConditions(BaseModel):
    """Which games are meant; all conditions have to be met."""

    # A condition that is misspelled must not count as none.
    model_config = ConfigDict(frozen=True, extra="forbid")

    game_id: Annotated[list[_Id], Field(max_length=MOST_NAMED_GAMES)] = Field(
        default=[], description="Any of these games; say it again for another one."
    )
    player_id: _Id | None = Field(default=None, description="Played by this one of your names.")
    import_id: _Id | None = Field(default=None, description="Added by this import.")
    site: Site | None = Field(default=None, description="Where it was played.")
    variant: Variant | None = None
    speed: list[Speed] = Field(
        default=[], description="Any of these; say it again for another one."
    )
    color: Side | None = Field(default=None, description="You had these pieces.")
    outcome: Outcome | None = Field(default=None, description="How it ended for you.")
    result: Result | None = Field(default=None, description="How it ended, in PGN's words.")
    since_ms: _Time | None = Field(default=None, description="Played at this moment or later.")
    until_ms: _Time | None = Field(default=None, description="Played before this moment.")
    eco: str | None = Field(
        default=None,
        pattern="^[A-Ea-e][0-9]{0,2}$",
        description="A code of the opening, or its beginning.",
        examples=["B90"],
    )
    opening: _Text | None = Field(
        default=None, description="The beginning of its name.", examples=["Sicilian Defense"]
    )
    opening_part: _Text | None = Field(
        default=None, description="Any part of its name.", examples=["gambit"]
    )
    opponent: _Text | None = Field(default=None, description="The opponent's whole name.")
    opponent_part: _Text | None = Field(
        default=None, description="Any part of the opponent's name."
    )
    rating_from: _Rating | None = Field(
        default=None, description="You were rated so high, or higher."
    )
    rating_to: _Rating | None = Field(default=None, description="You were rated so high, or lower.")
    opponent_rating_from: _Rating | None = None
    opponent_rating_to: _Rating | None = None
    analysed: bool | None = Field(
        default=None, description="Analysed by an engine of this server, or not."
    )

    def filter(self) -> GameFilter:
        """Put it in the words of the store."""
        return GameFilter(
            ids=tuple(self.game_id),
            player_id=self.player_id,
            import_id=self.import_id,
            site=self.site,
            variant=self.variant,
            speeds=tuple(self.speed),
            color=self.color,
            outcome=self.outcome,
            result=self.result,
            since_ms=self.since_ms,
            until_ms=self.until_ms,
            eco=self.eco,
            opening=self.opening,
            opening_part=self.opening_part,
            opponent=self.opponent,
            opponent_part=self.opponent_part,
            rating_from=self.rating_from,
            rating_to=self.rating_to,
            opponent_rating_from=self.opponent_rating_from,
            opponent_rating_to=self.opponent_rating_to,
            is_analysed=self.analysed,
        )


class GameChoice(GameConditions):
    """Which games are meant, and in which order; all conditions have to be met."""

    sort: GameSort = Field(
        default=GameSort.NEWEST,
        description="The order; with a minus the greatest comes first. What is not known comes "
        "last.",
    )


class GameQuery(GameChoice):
    """One page of a list of games."""

    after: str | None = Field(
        default=None, max_length=_MOST_LETTERS, description="`next` of the page before this one."
    )
    limit: int = Field(default=50, ge=1, le=MOST_GAMES, description="So many games at most.")
    count: bool = Field(default=False, description="Count all the games that are meant as well.")

    def cursor(self) -> GameCursor | None:
        """Read where the page begins.

        Raises:
            Problem: nobody gave out such a place, or it is one of another order.
        """
        return None if self.after is None else _read_cursor(self.after, self.sort)


def write_cursor(cursor: GameCursor, sort: GameSort) -> str:
    """Make a word of a place in a list; nobody has to understand it but us."""
    text = json.dumps([sort, cursor.value, cursor.id], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _read_cursor(word: str, sort: GameSort) -> GameCursor:
    try:
        padded = word.encode("ascii") + b"=" * (-len(word) % 4)
        match json.loads(base64.b64decode(padded, altchars=b"-_", validate=True)):
            case [str() as its_sort, int() | float() | None as value, int() as game_id]:
                pass
            case _:
                raise _unknown_place()
    except (binascii.Error, ValueError) as error:
        raise _unknown_place() from error
    if its_sort != sort:
        raise Problem(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            f"`after` comes from a list sorted by {its_sort[:20]!r}, and this one is sorted by "
            f"{sort.value!r}; give the same `sort`, or leave `after` out",
            kind="cursor-of-another-sort",
        )
    if not (_is_plausible(value, sort) and _is_number(game_id) and 0 < game_id <= MOST):
        raise _unknown_place()
    return GameCursor(value, game_id)


def _is_plausible(value: float | None, sort: GameSort) -> bool:
    """Tell whether a list can have been sorted by such a value."""
    if value is None:
        return True
    if sort in (GameSort.MOST_ACCURATE, GameSort.LEAST_ACCURATE):
        return not isinstance(value, bool) and 0 <= value <= _MOST_ACCURACY
    return _is_number(value) and abs(value) <= MOST


def _is_number(value: object) -> bool:
    # To Python a truth value is a number, to PostgreSQL it is not.
    return isinstance(value, int) and not isinstance(value, bool)


def _unknown_place() -> Problem:
    return Problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "`after` is not what `next` said; leave it out to begin with the first page",
        kind="cursor-not-understood",
    )
