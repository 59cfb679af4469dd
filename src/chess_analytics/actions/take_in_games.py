"""Choose the games to analyse from what was read, and count every one that is left out."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator

from chess_analytics.games.fingerprint import Seen
from chess_analytics.games.model import Broken, Entry, Game, SetAside, Side
from chess_analytics.games.names import is_named

BROKEN_KEPT = 100
"""How many broken entries are kept to be shown; all are counted and handed out."""


def _ignore(_: SetAside | Broken) -> None:
    return


class Intake:
    """Passes on each game once and keeps the counts: found = passed on + set aside + broken.

    What is left out is not kept, for an archive may be all of it: ``on_left_out`` is given each
    entry, set aside or broken, when it is.
    """

    def __init__(
        self,
        players: Collection[str] = (),
        *,
        on_left_out: Callable[[SetAside | Broken], None] = _ignore,
    ) -> None:
        self._players = tuple(players)
        self._on_left_out = on_left_out
        self._seen = Seen()
        self._reasons: Counter[str] = Counter()
        self._names: Counter[str] = Counter()
        self.found = 0
        self.passed_on = 0
        self.broken_count = 0
        self.broken: list[Broken] = []
        """The first BROKEN_KEPT of them."""

    def games(self, entries: Iterable[Entry]) -> Iterator[Game]:
        """Yield the games that are to be analysed."""
        for entry in entries:
            self.found += 1
            match entry:
                case Broken():
                    self._count_broken(entry)
                case SetAside():
                    self._set_aside(entry)
                case Game():
                    if reason := self._reason_against(entry):
                        self.leave_out(entry, reason)
                    else:
                        self.passed_on += 1
                        yield entry

    def leave_out(self, game: Game, reason: str, detail: str = "") -> None:
        """Set aside a game that was read well."""
        self._set_aside(SetAside(game.place, reason, game.headers, detail))

    def take_back(self, game: Game, reason: str, detail: str = "") -> None:
        """Set aside a game that was passed on before."""
        self.passed_on -= 1
        self.leave_out(game, reason, detail)

    def reasons(self) -> dict[str, int]:
        """Count the games that were set aside by reason, the most frequent first."""
        return dict(self._reasons.most_common())

    def most_frequent_names(self, count: int = 5) -> list[str]:
        """Give the players who are named most often in the games seen, wanted or not."""
        return [name for name, _ in self._names.most_common(count)]

    def _count_broken(self, entry: Broken) -> None:
        self.broken_count += 1
        if len(self.broken) < BROKEN_KEPT:
            self.broken.append(entry)
        self._on_left_out(entry)

    def _set_aside(self, entry: SetAside) -> None:
        self._reasons[entry.reason] += 1
        self._on_left_out(entry)

    def _reason_against(self, game: Game) -> str | None:
        names = [game.player(side).name for side in Side]
        self._names.update(name for name in names if name)
        if self._players and not any(is_named(name, self._players) for name in names):
            return "not a game of the named player"
        return "the same game as an earlier one" if self._seen.add(game) else None
