"""When two entries of the input are one and the same game (docs/decisions/0003-same-game.md)."""

import calendar
import functools
import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import chess

from chess_analytics.games.model import Game, Place, Result, Site, Variant, known
from chess_analytics.games.names import Name, may_be_one_person, name_words

# From this length on nobody repeats a game by chance: among the 7,758 games of our test archives no
# two different ones share more than their first 33 plies.
LONG_PLIES = 40
# Draws need more: ready-made drawing lines of theory run to about move 30, and are played on
# several boards of one round.
LONG_DRAW_PLIES = 60

# A game that passes midnight, or a site that dates in another time zone than ours.
DATE_TOLERANCE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """All of a game that sameness is decided by."""

    moves_key: str
    names: tuple[Name, Name]
    """White's and Black's."""
    dates: tuple[date, date] | None
    """The first and the last day on which the game can have been played."""
    result: Result
    site: Site
    site_id: str | None
    plies: int
    occasion: tuple[tuple[str, str], ...]
    """What tells two games of a day apart: the round of an event, the times of day."""


class Seen:
    """An index of the games met so far, asked one game at a time."""

    def __init__(self) -> None:
        self._by_moves: dict[str, _Alike] = {}

    def add(self, game: Game) -> Place | None:
        """Remember a game; give the place of the same game if it was there before."""
        print_ = fingerprint(game)
        alike = self._by_moves.setdefault(print_.moves_key, _Alike({}, {}))
        earlier = alike.find(print_)
        alike.remember(print_, earlier or game.place)
        return earlier


def fingerprint(game: Game) -> Fingerprint:
    """Reduce a game to what decides sameness."""
    return fingerprint_of(
        game.headers,
        moves_key(game),
        result=game.result,
        site=game.site,
        site_id=game.site_id,
        plies=len(game.moves),
    )


def fingerprint_of(
    headers: Mapping[str, str],
    moves_key: str,
    *,
    result: Result,
    site: Site,
    site_id: str | None,
    plies: int,
) -> Fingerprint:
    """Do the same with what is kept of a game."""
    return Fingerprint(
        moves_key=moves_key,
        names=(name_words(headers.get("White")), name_words(headers.get("Black"))),
        dates=_dates(headers),
        result=result,
        site=site,
        site_id=site_id,
        plies=plies,
        occasion=tuple(_occasion(headers)),
    )


def moves_key(game: Game) -> str:
    """Hash the start and the moves to 32 hexadecimal digits, the same in every version of ours."""
    start = _start(game.initial_fen, game.variant)
    text = " ".join([game.variant, start, *(played.move.uci() for played in game.moves)])
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


@functools.lru_cache(maxsize=1024)
def _start(initial_fen: str, variant: Variant) -> str:
    """Write the start so that all who spell it otherwise mean the same; most games have one."""
    board = chess.Board(initial_fen, chess960=variant is Variant.CHESS960)
    return board.epd(en_passant="legal")


def game_id(game: Game) -> str:
    """Name a game: by its site's id, else by 16 hexadecimal digits of moves, names and date.

    Where the headers tell the round or the time of day they count, so that two short games of
    the same players on one day have two names.
    """
    if game.site_id:
        return game.site_id
    names = ["+".join(name_words(game.headers.get(tag))) for tag in ("White", "Black")]
    told = [known(game.headers.get("Date")) or "", *map("=".join, _occasion(game.headers))]
    text = "\n".join([moves_key(game), *names, *told])
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def is_same_game(one: Fingerprint, other: Fingerprint) -> bool:
    """Tell whether two entries are one game: the same moves, and nothing that speaks against it.

    It does not depend on the order of the two; it is not transitive, because what is unknown
    fits everything.
    """
    if one.moves_key != other.moves_key:
        return False
    if one.site is other.site is not Site.OTHER and one.site_id and other.site_id:
        return one.site_id == other.site_id
    if not (_results_fit(one, other) and _dates_fit(one, other)):
        return False
    names_fit = all(map(may_be_one_person, one.names, other.names))
    if _is_long(one) and _is_long(other):
        # A handle on one site is a real name on another.
        return names_fit or _agree_on_day_and_result(one, other)
    return names_fit and _occasions_fit(one, other)


@dataclass(slots=True)
class _Alike:
    """Games of the same moves, kept so that thousands of empty ones do not meet in pairs."""

    by_id: dict[tuple[Site, str], Place]
    others: dict[Site | None, list[tuple[Fingerprint, Place]]]
    """By the site whose id they have; those without an id under nothing."""

    def find(self, wanted: Fingerprint) -> Place | None:
        name = _site_name(wanted)
        if name in self.by_id:
            return self.by_id[name]
        for site, entries in self.others.items():
            if name and site is name[0]:
                continue  # Another id of the same site: another game.
            for entry, place in entries:
                if is_same_game(entry, wanted):
                    return place
        return None

    def remember(self, print_: Fingerprint, place: Place) -> None:
        name = _site_name(print_)
        if name:
            self.by_id.setdefault(name, place)
        self.others.setdefault(name[0] if name else None, []).append((print_, place))


def _site_name(print_: Fingerprint) -> tuple[Site, str] | None:
    named = print_.site is not Site.OTHER and print_.site_id
    return (print_.site, print_.site_id) if named and print_.site_id else None


def _is_long(print_: Fingerprint) -> bool:
    drawn = print_.result is Result.DRAW
    return print_.plies >= (LONG_DRAW_PLIES if drawn else LONG_PLIES)


def _results_fit(one: Fingerprint, other: Fingerprint) -> bool:
    return one.result is other.result or Result.UNKNOWN in (one.result, other.result)


def _dates_fit(one: Fingerprint, other: Fingerprint) -> bool:
    if one.dates is None or other.dates is None:
        return True
    gap = max(one.dates[0], other.dates[0]) - min(one.dates[1], other.dates[1])
    return gap <= DATE_TOLERANCE


def _agree_on_day_and_result(one: Fingerprint, other: Fingerprint) -> bool:
    """Tell whether both are known and the same; that they fit has been asked before."""
    return bool(one.dates and other.dates) and one.result is other.result is not Result.UNKNOWN


def _occasions_fit(one: Fingerprint, other: Fingerprint) -> bool:
    theirs = dict(other.occasion)
    return all(theirs.get(name, value) == value for name, value in one.occasion)


def _dates(headers: Mapping[str, str]) -> tuple[date, date] | None:
    spans = [_span(headers[tag]) for tag in ("Date", "UTCDate", "EndDate") if tag in headers]
    days = [day for span in spans if span for day in span]
    return (min(days), max(days)) if days else None


_DATE = re.compile(r"(\d{4})[./-](\d\d|\?\?)[./-](\d\d|\?\?)", re.ASCII)


def _span(text: str) -> tuple[date, date] | None:
    """Read a PGN date; ``2021.05.??`` is all of May."""
    match = _DATE.fullmatch(text.strip())
    if match is None:
        return None
    year, month, day = (None if "?" in part else int(part) for part in match.groups())
    try:
        first = date(year or 0, month or 1, day or 1)
    except ValueError:
        return None  # There is no such day, so it tells us nothing.
    if month and day:
        return first, first
    last_month = month or 12
    return first, date(first.year, last_month, calendar.monthrange(first.year, last_month)[1])


def _occasion(headers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if number := known(headers.get("Round")):
        yield f"Round of {headers.get('Event', '')}", number
    for tag in ("UTCTime", "StartTime", "EndTime"):
        if match := _TIME.match(headers.get(tag, "")):
            # Time zones differ by whole quarters of an hour: what is left does not depend on them.
            yield tag, f"{int(match['minute']) % 15}:{match['second']}"


_TIME = re.compile(r"\s*\d{1,2}:(?P<minute>\d\d):(?P<second>\d\d)", re.ASCII)
