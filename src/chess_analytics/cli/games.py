"""``chess-analytics games``: which games a user keeps, as a list, as JSON or as PGN."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from chess_analytics.actions.exports.library_json import listed_game_object
from chess_analytics.actions.write_games import write_games
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.clocks import Speed
from chess_analytics.games.model import Result, Side, Site, Variant
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort, count_games, game_page
from chess_analytics.store.game_rows import ListedGame, Outcome
from chess_analytics.store.players import name_key, players_of

_GAMES_A_PAGE = 200
_DAY_MS = 86_400_000
_MOST_RATING = 9999
# The largest number that both databases can hold.
_MOST_ID = 2**63 - 1


class PlayerNotLinked(ChessAnalyticsError):
    """The user does not play under such a name."""


def games(  # noqa: PLR0913 - one parameter an option of the command
    *,
    user: UserOption = None,
    player: Annotated[
        str | None, typer.Option(metavar="NAME", help="Played under this one of the user's names.")
    ] = None,
    site: Annotated[Site | None, typer.Option(help="Where they were played.")] = None,
    variant: Annotated[Variant | None, typer.Option(help="By which rules.")] = None,
    speed: Annotated[
        list[Speed] | None, typer.Option(help="How fast they were. May be repeated.")
    ] = None,
    color: Annotated[Side | None, typer.Option(help="The user's pieces.")] = None,
    outcome: Annotated[Outcome | None, typer.Option(help="How they ended for the user.")] = None,
    result: Annotated[Result | None, typer.Option(help="How they ended.")] = None,
    since: Annotated[
        datetime | None,
        typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="From this day on, in UTC."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option(metavar="YYYY-MM-DD", formats=["%Y-%m-%d"], help="Up to this day, with it."),
    ] = None,
    eco: Annotated[
        str | None, typer.Option(metavar="CODE", help="The opening's code, or its beginning.")
    ] = None,
    opening: Annotated[
        str | None, typer.Option(metavar="NAME", help="Any part of the opening's name.")
    ] = None,
    opponent: Annotated[
        str | None, typer.Option(metavar="NAME", help="Any part of the opponent's name.")
    ] = None,
    rating_from: Annotated[
        int | None,
        typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The user's rating or more."),
    ] = None,
    rating_to: Annotated[
        int | None,
        typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The user's rating or less."),
    ] = None,
    opponent_rating_from: Annotated[
        int | None,
        typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The opponent's, or more."),
    ] = None,
    opponent_rating_to: Annotated[
        int | None,
        typer.Option(min=0, max=_MOST_RATING, metavar="N", help="The opponent's, or less."),
    ] = None,
    analysed: Annotated[
        bool | None,
        typer.Option("--analysed/--not-analysed", help="Analysed by an engine of ours, or not."),
    ] = None,
    import_id: Annotated[
        int | None,
        typer.Option("--import", min=1, max=_MOST_ID, metavar="N", help="Added by this import."),
    ] = None,
    sort: Annotated[
        GameSort, typer.Option(help="The order; with a minus the greatest comes first.")
    ] = GameSort.NEWEST,
    limit: Annotated[
        int, typer.Option(min=0, metavar="N", help="List so many at most; 0 for all of them.")
    ] = 50,
    as_json: Annotated[bool, typer.Option("--json", help="Print an object a line.")] = False,
    as_pgn: Annotated[
        bool, typer.Option("--pgn", help="Print all of them as PGN, whatever --limit says.")
    ] = False,
    annotated: Annotated[
        bool, typer.Option("--annotated", help="With --pgn: with the analysis, where there is one.")
    ] = False,
    data_dir: DataDirOption = None,
) -> None:
    """List the games that a user keeps, the newest first; all conditions have to be met."""
    if as_json and as_pgn:
        raise typer.BadParameter("--json and --pgn both say how to print; give one")
    if annotated and not as_pgn:
        raise typer.BadParameter("--annotated means nothing without --pgn")
    with open_library(user, data_dir) as library:
        wanted = GameFilter(
            player_id=_player_id(library, player) if player else None,
            import_id=import_id,
            site=site,
            variant=variant,
            speeds=tuple(speed or ()),
            color=color,
            outcome=outcome,
            result=result,
            since_ms=_start_ms(since) if since else None,
            until_ms=_start_ms(until) + _DAY_MS if until else None,
            eco=eco,
            opening_part=opening,
            opponent_part=opponent,
            rating_from=rating_from,
            rating_to=rating_to,
            opponent_rating_from=opponent_rating_from,
            opponent_rating_to=opponent_rating_to,
            is_analysed=analysed,
        )
        if as_pgn:
            store, user_id = library.store, library.owner.id
            for text in write_games(store, user_id, wanted, sort, annotated=annotated):
                _print(text)
            return
        shown = 0
        for game in _games(library, wanted, sort, limit):
            _print(_as_json(game) if as_json else _as_line(game))
            shown += 1
        _tell(library, wanted, shown)


def _player_id(library: Library, name: str) -> int:
    with library.store.reading() as connection:
        players = players_of(connection, library.owner.id)
    for player in players:
        if name_key(player.name) == name_key(name):
            return player.id
    names = ", ".join(player.name for player in players) or "none"
    raise PlayerNotLinked(
        f"{library.owner.name} has linked no player {name!r}; linked are: {names}"
    )


def _games(
    library: Library, wanted: GameFilter, sort: GameSort, limit: int
) -> Iterator[ListedGame]:
    after: GameCursor | None = None
    left = limit
    while True:
        size = min(left, _GAMES_A_PAGE) if limit else _GAMES_A_PAGE
        with library.store.reading() as connection:
            page = game_page(connection, library.owner.id, wanted, sort, after=after, limit=size)
        yield from page.games
        left -= len(page.games)
        after = page.next
        if after is None or (limit and not left):
            return


def _tell(library: Library, wanted: GameFilter, shown: int) -> None:
    with library.store.reading() as connection:
        total = count_games(connection, library.owner.id, wanted)
    more = "; --limit 0 lists them all" if shown < total else ""
    STDERR.print(f"{shown} of {total} games{more}", markup=False)


def _as_json(game: ListedGame) -> str:
    return json.dumps(listed_game_object(game), ensure_ascii=False) + "\n"


def _as_line(game: ListedGame) -> str:
    day = _day(game.played_ms) if game.played_ms else ""
    opening = f"{game.eco or ''} {game.opening or ''}".strip()
    return (
        f"{game.id:>8}  {day:10}  {game.result.value:7}  {game.speed or '':14}  "
        f"{_side(game, Side.WHITE)} - {_side(game, Side.BLACK)}"
        f"{f'  {opening}' if opening else ''}\n"
    )


def _side(game: ListedGame, side: Side) -> str:
    """Name a player with rating and accuracy, as far as they are known."""
    is_white = side is Side.WHITE
    name = game.white if is_white else game.black
    rating = game.white_rating if is_white else game.black_rating
    accuracy = game.run.side(side).accuracy if game.run else None
    known = [str(rating)] if rating else []
    known += [f"{accuracy:.1f} %"] if accuracy is not None else []
    numbers = f" ({', '.join(known)})" if known else ""
    return f"{_printable(name or '?')}{numbers}"


def _printable(text: str) -> str:
    """Leave out what would give orders to a terminal: anybody can choose a name."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def _print(text: str) -> None:
    # As bytes: the names of players do not depend on the locale.
    typer.echo(text.encode(), nl=False)


def _start_ms(day: datetime) -> int:
    return round(day.replace(tzinfo=UTC).timestamp() * 1000)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
