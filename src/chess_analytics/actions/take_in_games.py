"""Choose the games to analyse from what was read, and count every one that is left out."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator

from chess_analytics.games.fingerprint import Seen
from chess_analytics.games.model import Broken, Entry, Game, Place, SetAside, Side


class Intake:
    """Passes on each game once and keeps the counts: found = passed on + set aside + broken."""

    def __init__(self, players: Collection[str] = ()) -> None:
        self._players = {name.casefold() for name in players}
        self._seen = Seen()
        self.found = 0
        self.passed_on = 0
        self.set_aside: list[SetAside] = []
        self.broken: list[Broken] = []

    def games(self, entries: Iterable[Entry]) -> Iterator[Game]:
        """Yield the games that are to be analysed."""
        for entry in entries:
            self.found += 1
            match entry:
                case Broken():
                    self.broken.append(entry)
                case SetAside():
                    self.set_aside.append(entry)
                case Game():
                    if reason := self._reason_against(entry):
                        self.leave_out(entry, reason)
                    else:
                        self.passed_on += 1
                        yield entry

    def leave_out(self, game: Game, reason: str) -> None:
        """Set aside a game that was read well."""
        self.set_aside.append(SetAside(game.place, reason, game.headers))

    def take_back(self, game: Game, reason: str) -> None:
        """Set aside a game that was passed on before."""
        self.passed_on -= 1
        self.leave_out(game, reason)

    def reasons(self) -> dict[str, int]:
        """Count the games that were set aside by reason, the most frequent first."""
        return dict(Counter(entry.reason for entry in self.set_aside).most_common())

    def _reason_against(self, game: Game) -> str | None:
        if self._players and not self._is_theirs(game):
            return "not a game of the named player"
        earlier: Place | None = self._seen.add(game)
        return "the same game as an earlier one" if earlier else None

    def _is_theirs(self, game: Game) -> bool:
        names = (game.player(side).name for side in Side)
        return any(name and name.casefold() in self._players for name in names)
