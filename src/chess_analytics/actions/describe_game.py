"""What the library notes of a game beside its text: when it was played, how fast, its opening."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from chess_analytics.games.clocks import speed
from chess_analytics.games.model import Game, Side
from chess_analytics.games.openings import name_opening
from chess_analytics.store.games import NewGame

UNKNOWN_MS = 0
"""Where nothing tells when a game was played."""

# No name of a person is near this, but some programs put whole sentences there.
_LONGEST_NAME = 200
_LONGEST_TIME_CONTROL = 60

_DATE = re.compile(r"(\d{4})[./-](\d\d|\?\?)[./-](\d\d|\?\?)", re.ASCII)
_TIME = re.compile(r"(\d{1,2}):(\d\d)(?::(\d\d))?", re.ASCII)
# The first date that is known tells the moment, with the first time that is known beside it.
# Chess.com's StartTime is in UTC.
_MOMENTS = (
    ("UTCDate", ("UTCTime",)),
    ("Date", ("UTCTime", "StartTime", "Time")),
    ("EndDate", ("EndTime",)),
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def describe_game(game: Game, moves_key: str) -> NewGame:
    """Give all that is stored of a game, as if neither player were the user."""
    opening = name_opening(game)
    white, black = game.player(Side.WHITE), game.player(Side.BLACK)
    return NewGame(
        moves_key=moves_key,
        site=game.site,
        site_id=game.site_id,
        variant=game.variant,
        white=_short_name(white.name),
        black=_short_name(black.name),
        white_rating=white.rating,
        black_rating=black.rating,
        result=game.result,
        played_ms=played_ms(game.headers),
        time_control=_time_control(game.headers),
        speed=speed(game),
        eco=opening.eco if opening else None,
        opening=opening.name if opening else None,
        plies=len(game.moves),
        player_id=None,
        color=None,
        outcome=None,
        rating=None,
        opponent=None,
        opponent_rating=None,
        pgn=game.pgn,
        headers=game.headers,
    )


def played_ms(headers: Mapping[str, str]) -> int:
    """Tell when a game began, as well as its headers know; of ``2021.05.??`` the first moment.

    A time whose zone nobody tells is taken for UTC.
    """
    for date_tag, time_tags in _MOMENTS:
        day = _day(headers.get(date_tag, ""))
        if day:
            times = (_time_of_day(headers.get(tag, "")) for tag in time_tags)
            moment = day + next((time for time in times if time is not None), timedelta())
            return (moment - _EPOCH) // _MILLISECOND
    return UNKNOWN_MS


def _day(text: str) -> datetime | None:
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (None if "?" in part else int(part) for part in match.groups())
    try:
        return datetime(year or 0, month or 1, day or 1, tzinfo=UTC)
    except ValueError:
        return None  # There is no such day, so it tells us nothing.


def _time_of_day(text: str) -> timedelta | None:
    match = _TIME.match(text.strip())
    if match is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in match.groups())
    time = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return time if time < timedelta(days=1) else None


def _time_control(headers: Mapping[str, str]) -> str | None:
    # A dash says that there was no clock, a question mark that nobody knows.
    text = headers.get("TimeControl", "").strip()
    return None if text in ("", "?") else text[:_LONGEST_TIME_CONTROL]


def _short_name(name: str | None) -> str | None:
    return name[:_LONGEST_NAME] if name else None
