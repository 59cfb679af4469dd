"""Add up many reviews: totals a side, a phase, an opening, a speed; the costliest moves."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from chess_analytics.games.clocks import speed
from chess_analytics.games.fingerprint import game_id
from chess_analytics.games.model import Game, Result, Side
from chess_analytics.games.openings import opening_family
from chess_analytics.review.judge import JudgedMove, Review
from chess_analytics.review.judgment import Judgment

_COSTLIEST_KEPT = 24


@dataclass(slots=True)
class Tally:
    """Totals over some moves and, where it makes sense, the games they are from."""

    games: int = 0
    results: Counter[str] = field(default_factory=Counter)
    accuracies: list[float] = field(default_factory=list)
    moves: int = 0
    loss: float = 0.0
    loss_cp: float = 0.0
    judgments: Counter[Judgment] = field(default_factory=Counter)

    @property
    def accuracy(self) -> float | None:
        """Mean of the games' accuracies."""
        return sum(self.accuracies) / len(self.accuracies) if self.accuracies else None

    @property
    def acpl(self) -> float | None:
        """Mean centipawn loss over all moves."""
        return self.loss_cp / self.moves if self.moves else None

    @property
    def mean_loss(self) -> float | None:
        """Mean loss of winning chance a move, in percent points."""
        return self.loss / self.moves if self.moves else None

    def per_game(self, judgment: Judgment) -> float | None:
        return self.judgments[judgment] / self.games if self.games else None

    def per_100_moves(self, judgment: Judgment) -> float | None:
        return 100 * self.judgments[judgment] / self.moves if self.moves else None

    def add_move(self, move: JudgedMove) -> None:
        self.moves += 1
        self.loss += move.loss
        self.loss_cp += move.loss_cp
        if move.judgment:
            self.judgments[move.judgment] += 1


@dataclass(frozen=True, slots=True, order=True)
class CostlyMove:
    """A move that threw away much, with all that is needed to show it."""

    loss: float
    """Percent points of winning chance."""
    game_number: int
    move: JudgedMove = field(compare=False)
    game: Game = field(compare=False)
    game_id: str = field(compare=False)


class Summary:
    """Totals over reviews as seen by the named players, or by both sides when none is named."""

    def __init__(self, players: Collection[str] = ()) -> None:
        self.players = tuple(players)
        self._names = {name.casefold() for name in players}
        self.games = 0
        self.overall = Tally()
        self.by_side: dict[Side, Tally] = defaultdict(Tally)
        self.by_phase: dict[str, Tally] = defaultdict(Tally)
        self.by_opening: dict[str, Tally] = defaultdict(Tally)
        self.by_speed: dict[str, Tally] = defaultdict(Tally)
        self.labels: Counter[str] = Counter()
        self._costliest: list[CostlyMove] = []

    def add(self, review: Review) -> None:
        """Count one review in."""
        self.games += 1
        for side in self._sides(review.game):
            self._add_game(review, side)
            for move in review.moves:
                if move.side is side:
                    self._add_move(review, move)

    def costliest(self, count: int) -> list[CostlyMove]:
        """Give the moves that threw away most, the worst first."""
        return sorted(self._costliest, reverse=True)[:count]

    def _sides(self, game: Game) -> Iterator[Side]:
        for side in Side:
            name = game.player(side).name
            if not self._names or (name and name.casefold() in self._names):
                yield side

    def _add_game(self, review: Review, side: Side) -> None:
        summary = review.white if side is Side.WHITE else review.black
        pace = speed(review.game)
        family = opening_family(review.opening.name) if review.opening else "(not named)"
        for tally in (
            self.overall,
            self.by_side[side],
            self.by_opening[f"{family} as {side.value.capitalize()}"],
            self.by_speed[pace.value if pace else "(no clock)"],
        ):
            tally.games += 1
            tally.results[_outcome(review.game, side)] += 1
            if summary.accuracy is not None:
                tally.accuracies.append(summary.accuracy)
            for move in review.moves:
                if move.side is side:
                    tally.add_move(move)

    def _add_move(self, review: Review, move: JudgedMove) -> None:
        self.by_phase[move.phase.value].add_move(move)
        self.labels[move.label.kind.value] += 1
        if move.judgment:
            costly = CostlyMove(move.loss, -self.games, move, review.game, game_id(review.game))
            if len(self._costliest) < _COSTLIEST_KEPT:
                heapq.heappush(self._costliest, costly)
            else:
                heapq.heappushpop(self._costliest, costly)


def _outcome(game: Game, side: Side) -> str:
    if game.result is Result.UNKNOWN:
        return "unknown"
    if game.result.winner is None:
        return "draw"
    return "win" if game.result.winner is side else "loss"
