"""Options of commands that say which games are meant."""

from datetime import UTC, datetime
from typing import Annotated

import typer

from chess_analytics.cli.whose import Library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_rows import Outcome
from chess_analytics.store.players import name_key, players_of

DAY_MS = 86_400_000
_MOST_RATING = 9999
# The largest number that both databases can hold.
MOST_ID = 2**63 - 1


class PlayerNotLinked(ChessAnalyticsError):
    """The user does not play under such a name."""


PlayerOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Played under this one of the user's names.")
]
SiteOption = Annotated[Site | None, typer.Option(help="Where they were played.")]
VariantOption = Annotated[Variant | None, typer.Option(help="By which rules.")]
SpeedOption = Annotated[
    list[Speed] | None, typer.Option(help="How fast they were. May be repeated.")
]
ColorOption = Annotated[Side | None, typer.Option(help="The user's pieces.")]
OutcomeOption = Annotated[Outcome | None, typer.Option(help="How they ended for the user.")]
ResultOption = Annotated[Result | None, typer.Option(help="How they ended.")]
SinceOption = Annotated[
    datetime | None,
    typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="From this day on, in UTC."),
]
UntilOption = Annotated[
    datetime | None,
    typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Up to this day, with it."),
]
EcoOption = Annotated[
    str | None, typer.Option(metavar="CODE", help="The opening's code, or its beginning.")
]
OpeningOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Any part of the opening's name.")
]
OpponentOption = Annotated[
    str | None, typer.Option(metavar="NAME", help="Any part of the opponent's name.")
]
RatingFromOption = Annotated[
    int | None,
    typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The user's rating or more."),
]
RatingToOption = Annotated[
    int | None,
    typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The user's rating or less."),
]
OpponentRatingFromOption = Annotated[
    int | None,
    typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The opponent's, or more."),
]
OpponentRatingToOption = Annotated[
    int | None,
    typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The opponent's, or less."),
]
ImportOption = Annotated[
    int | None,
    typer.Option("--import", min=1, max=MOST_ID, metavar="N", help="Added by this import."),
]


def player_id(library: Library, name: str) -> int:
    """Give the number of the user's player of this name.

    Raises:
        PlayerNotLinked: the user has linked none such.
    """
    with library.store.reading() as connection:
        players = players_of(connection, library.owner.id)
    for player in players:
        if name_key(player.name) == name_key(name):
            return player.id
    names = ", ".join(player.name for player in players) or "none"
    raise PlayerNotLinked(
        f"{library.owner.name} has linked no player {name!r}; linked are: {names}"
    )


def start_ms(day: datetime) -> int:
    """Say when a day begins, in UTC."""
    return round(day.replace(tzinfo=UTC).timestamp() * 1000)


def printable(text: str) -> str:
    """Leave out what would give orders to a terminal: anybody can choose a name."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)
