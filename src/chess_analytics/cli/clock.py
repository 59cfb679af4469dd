"""``chess-analytics clock``: where the time goes, and what that costs."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict

from chess_analytics.cli.career import (
    CsvOption,
    JsonOption,
    NameOption,
    OnlyOption,
    ZoneOption,
    measured_cells,
    measured_words,
    open_analysed_career,
    print_csv,
    print_json,
    print_text,
    read_span,
    refuse_two_forms,
)
from chess_analytics.cli.game_options import SinceOption, UntilOption
from chess_analytics.cli.talk import STDERR
from chess_analytics.cli.whose import DataDirOption, UserOption
from chess_analytics.insights.clock_games import ClockGame
from chess_analytics.insights.clock_use import ClockUse, TimeCell, clock_use

_MOST_GAMES = 5
_COLUMNS = ("difficulty", "time", "moves", "seconds", "loss", "loss_low", "loss_high", "loss_count")


def clock(  # noqa: PLR0913 - each is an option of the command
    *,
    only: OnlyOption = None,
    since: SinceOption = None,
    until: UntilOption = None,
    player: NameOption = None,
    zone: ZoneOption = "UTC",
    as_json: JsonOption = False,
    as_csv: CsvOption = False,
    user: UserOption = None,
    data_dir: DataDirOption = None,
) -> None:
    """Put time spent beside difficulty: easy moves that eat the clock, hard ones that are rushed.

    And what time trouble costs, and flags that fell in won positions.
    """
    refuse_two_forms(as_json=as_json, as_csv=as_csv)
    span = read_span(only, zone, since, until)
    with open_analysed_career(user, data_dir, player) as career:
        found = clock_use(career.facts, span)
        if as_json:
            found = career.spelled(found)
    if as_json:
        print_json(asdict(found))
    elif as_csv:
        print_csv(map(_row, found.cells), _COLUMNS)
    else:
        print_text("".join(f"{line}\n" for line in clock_lines(found)))
    STDERR.print(
        f"{found.moves} moves whose time is known; something is known of the difficulty of "
        f"{found.known:.0f} % of them",
        markup=False,
    )


def clock_lines(found: ClockUse) -> Iterator[str]:
    """Tell what somebody does with the clock."""
    yield "Winning chance lost (points a move), by difficulty and time spent"
    for each in found.cells:
        label = f"{each.difficulty.value}, {each.time}"
        yield f"  {label:40} {measured_words(each.loss):24}  {each.moves} moves"
    easy, hard, games = found.easy, found.hard, found.games
    yield (
        f"easy moves that took long: {easy.moves}, {easy.seconds:.0f} s more than usual, "
        f"{easy.share:.1f} % of all time"
    )
    yield (
        f"moves with one good answer: {measured_words(hard.rushed)} points lost where rushed, "
        f"{measured_words(hard.thought)} where not"
    )
    if found.trouble:
        excess = found.trouble
        yield (
            f"time trouble: {excess.loss:.2f} points lost a move, {excess.elsewhere:.2f} elsewhere "
            f"({excess.moves} moves in {excess.games} games)"
        )
    yield f"in time trouble: {measured_words(games.trouble, ' %')} of {games.games} games"
    yield f"lost from a good position by it: {_named(games.spoilt)}"
    yield f"flags: {games.flags}, in won positions: {_named(games.flags_winning)}"


def _named(games: Sequence[ClockGame]) -> str:
    if not games:
        return "none"
    more = ", …" if len(games) > _MOST_GAMES else ""
    named = ", ".join(f"game {each.game_id} ({each.win:.0f} %)" for each in games[:_MOST_GAMES])
    return f"{len(games)}: {named}{more}"


def _row(cell: TimeCell) -> dict[str, object]:
    return {
        "difficulty": cell.difficulty.value,
        "time": cell.time,
        "moves": cell.moves,
        "seconds": cell.seconds,
        **measured_cells("loss", cell.loss),
    }
