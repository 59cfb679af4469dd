"""``chess-analytics games``: which games a user keeps, as a list, as JSON or as PGN."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated

import typer

from chess_analytics.actions.exports.library_json import listed_game_object
from chess_analytics.actions.write_games import write_games
from chess_analytics.cli.game_options import (
    DAY_MS,
    ColorOption,
    EcoOption,
    ImportOption,
    OpeningOption,
    OpponentOption,
    OpponentRatingFromOption,
    OpponentRatingToOption,
    OutcomeOption,
    PlayerOption,
    RatingFromOption,
    RatingToOption,
    ResultOption,
    SinceOption,
    SiteOption,
    SpeedOption,
    UntilOption,
    VariantOption,
    player_id,
    printable,
    start_ms,
)
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, Library, UserOption, open_library
from chess_analytics.games.model import Side
from chess_analytics.store.game_filters import GameFilter
from chess_analytics.store.game_pages import GameCursor, GameSort, count_games, game_page
from chess_analytics.store.game_rows import ListedGame

_GAMES_A_PAGE = 200


def games(  # noqa: PLR0913 - one parameter an option of the command
    *,
    user: UserOption = None,
    player: PlayerOption = None,
    site: SiteOption = None,
    variant: VariantOption = None,
    speed: SpeedOption = None,
    color: ColorOption = None,
    outcome: OutcomeOption = None,
    result: ResultOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    eco: EcoOption = None,
    opening: OpeningOption = None,
    opponent: OpponentOption = None,
    rating_from: RatingFromOption = None,
    rating_to: RatingToOption = None,
    opponent_rating_from: OpponentRatingFromOption = None,
    opponent_rating_to: OpponentRatingToOption = None,
    analysed: Annotated[
        bool | None,
        typer.Option("--analysed/--not-analysed", help="Analysed by an engine of ours, or not."),
    ] = None,
    import_id: ImportOption = None,
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
            player_id=player_id(library, player) if player else None,
            import_id=import_id,
            site=site,
            variant=variant,
            speeds=tuple(speed or ()),
            color=color,
            outcome=outcome,
            result=result,
            since_ms=start_ms(since) if since else None,
            until_ms=start_ms(until) + DAY_MS if until else None,
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
    return f"{printable(name or '?')}{numbers}"


def _print(text: str) -> None:
    # As bytes: the names of players do not depend on the locale.
    typer.echo(text.encode(), nl=False)


def _day(at_ms: int) -> str:
    return datetime.fromtimestamp(at_ms / 1000, UTC).date().isoformat()
