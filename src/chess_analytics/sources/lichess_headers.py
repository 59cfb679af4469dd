"""Say in PGN tags what Lichess says of a game in JSON."""

from datetime import UTC, datetime

from chess_analytics.games.model import Result
from chess_analytics.games.pgn_split import MAX_TAG_CHARS
from chess_analytics.sources.json_fields import JsonObject, member, text, whole

_VARIANTS = {
    "standard": "Standard",
    "chess960": "Chess960",
    "fromPosition": "From Position",
    "antichess": "Antichess",
    "atomic": "Atomic",
    "crazyhouse": "Crazyhouse",
    "horde": "Horde",
    "kingOfTheHill": "King of the Hill",
    "racingKings": "Racing Kings",
    "threeCheck": "Three-check",
}
_TERMINATIONS = {
    "created": "Unterminated",
    "started": "Unterminated",
    "aborted": "Abandoned",
    "timeout": "Abandoned",
    "noStart": "Abandoned",
    "outoftime": "Time forfeit",
    "cheat": "Rules infraction",
    "unknownFinish": "Unknown",
}
# A game that ended like this without a winner is a draw.
_DRAWS = frozenset(
    {"draw", "stalemate", "outoftime", "timeout", "insufficientMaterialClaim", "variantEnd"}
)


def lichess_headers(game: JsonObject) -> dict[str, str]:
    """Give the tags in the order of Lichess's own PGN; what is not known is left out."""
    moment = _moment(game)
    kind = "rated" if game.get("rated") is True else "casual"
    opening = member(game, "opening")
    tags = {
        "Event": text(member(game, "arenaTour"), "name") or f"{kind} {text(game, 'speed')} game",
        "Site": f"https://lichess.org/{text(game, 'id')}",
        "Date": f"{moment:%Y.%m.%d}" if moment else "????.??.??",
        "Round": "-",
        "White": _name(member(game, "players", "white")),
        "Black": _name(member(game, "players", "black")),
        "Result": lichess_result(game).value,
        "GameId": text(game, "id"),
        "UTCDate": f"{moment:%Y.%m.%d}" if moment else "",
        "UTCTime": f"{moment:%H:%M:%S}" if moment else "",
        **_ratings(game),
        "Variant": lichess_variant(game),
        "TimeControl": _time_control(game),
        "ECO": text(opening, "eco"),
        "Opening": text(opening, "name"),
        "Termination": _TERMINATIONS.get(text(game, "status"), "Normal"),
        "FEN": text(game, "initialFen"),
        "SetUp": "1" if text(game, "initialFen") else "",
    }
    return {tag: value[:MAX_TAG_CHARS] for tag, value in tags.items() if value}


def lichess_variant(game: JsonObject) -> str:
    """Name the rules as Lichess's PGN does."""
    key = text(game, "variant") or "standard"
    return _VARIANTS.get(key, key)


def lichess_result(game: JsonObject) -> Result:
    """Read the result: no winner means a draw, if the game ended at all."""
    match game.get("winner"):
        case "white":
            return Result.WHITE_WON
        case "black":
            return Result.BLACK_WON
        case _:
            return Result.DRAW if text(game, "status") in _DRAWS else Result.UNKNOWN


def _moment(game: JsonObject) -> datetime | None:
    created = whole(game, "createdAt")
    try:
        return datetime.fromtimestamp(created / 1000, UTC) if created is not None else None
    except (OverflowError, OSError, ValueError):
        return None


def _name(player: JsonObject) -> str:
    level = whole(player, "aiLevel")
    if level is not None:
        return f"lichess AI level {level}"
    user = member(player, "user")
    return text(user, "name") or text(user, "id") or text(player, "name") or "?"


def _ratings(game: JsonObject) -> dict[str, str]:
    tags = {}
    for tag, key in (("White", "white"), ("Black", "black")):
        player = member(game, "players", key)
        rating, change = whole(player, "rating"), whole(player, "ratingDiff")
        tags[f"{tag}Elo"] = str(rating) if rating is not None else ""
        tags[f"{tag}RatingDiff"] = f"{change:+}" if change is not None else ""
        tags[f"{tag}Title"] = text(member(player, "user"), "title")
    return tags


def _time_control(game: JsonObject) -> str:
    clock = member(game, "clock")
    initial, increment = whole(clock, "initial"), whole(clock, "increment")
    if initial is not None:
        return f"{initial}+{increment or 0}"
    days = whole(game, "daysPerTurn")
    # PGN's form for a time to each move: moves/seconds.
    return f"1/{days * 86400}" if days else "-"
