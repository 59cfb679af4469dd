"""Add up many reviews: totals a side, a phase, an opening, a speed; the costliest moves."""

import heapq
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from chess_analytics.games.clocks import speed
from chess_analytics.games.model import Game, Result, Side
from chess_analytics.games.names import is_named
from chess_analytics.review.judge import JudgedMove, Review
from chess_analytics.review.judgment import Judgment
from chess_analytics.review.rules import LabelKind

# As many as a page can show and a player can look at.
_COSTLIEST = 12


@dataclass(slots=True)
class Tally:
    """Totals over some moves and, where it makes sense, the games they are from."""

    games: int = 0
    """Each game once, even where both its sides are counted."""
    appearances: int = 0
    """Players' games: two for a game of which both sides are counted."""
    results: Counter[str] = field(default_factory=Counter)
    """An outcome for each appearance."""
    rated: int = 0
    """Appearances that have an accuracy."""
    accuracy_sum: float = 0.0
    moves: int = 0
    loss: float = 0.0
    loss_cp: float = 0.0
    judgments: Counter[Judgment] = field(default_factory=Counter)

    @property
    def accuracy(self) -> float | None:
        """Mean of the players' accuracies in their games."""
        return self.accuracy_sum / self.rated if self.rated else None

    @property
    def acpl(self) -> float | None:
        """Mean centipawn loss over all moves."""
        return self.loss_cp / self.moves if self.moves else None

    @property
    def mean_loss(self) -> float | None:
        """Mean loss of winning chance a move, in percent points."""
        return self.loss / self.moves if self.moves else None

    def per_game(self, judgment: Judgment) -> float | None:
        """Give the mean number of such moves that one player makes in one game."""
        return self.judgments[judgment] / self.appearances if self.appearances else None

    def per_100_moves(self, judgment: Judgment) -> float | None:
        return 100 * self.judgments[judgment] / self.moves if self.moves else None

    def add_appearance(self, outcome: str, accuracy: float | None) -> None:
        self.appearances += 1
        self.results[outcome] += 1
        if accuracy is not None:
            self.rated += 1
            self.accuracy_sum += accuracy

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
    earliness: int
    """Less for a game that came later: of equal losses the first met goes before."""
    move: JudgedMove = field(compare=False)
    game: Game = field(compare=False)


class Summary:
    """Totals over reviews as seen by the named players, or by both sides when none is named.

    Every tally counts a game once. Openings are told apart by side only for named players: a game
    that is seen from both sides would stand there twice.
    """

    def __init__(self, players: Collection[str] = ()) -> None:
        self.players = tuple(players)
        self.games = 0
        self.overall = Tally()
        self.by_side: dict[Side, Tally] = defaultdict(Tally)
        self.by_phase: dict[str, Tally] = defaultdict(Tally)
        self.by_opening: dict[str, Tally] = defaultdict(Tally)
        self.by_speed: dict[str, Tally] = defaultdict(Tally)
        self.labels = Counter[LabelKind]()
        self._costliest: list[CostlyMove] = []

    def add(self, review: Review) -> None:
        """Count one review in."""
        self.games += 1
        tallies = {side: self._tallies(review, side) for side in self._sides(review.game)}
        for tally in {id(tally): tally for own in tallies.values() for tally in own}.values():
            tally.games += 1
        for side, own in tallies.items():
            self._add_side(review, side, own)

    def costliest(self) -> list[CostlyMove]:
        """Give the dozen moves that threw away most, the worst first."""
        return sorted(self._costliest, reverse=True)

    def _sides(self, game: Game) -> Iterator[Side]:
        for side in Side:
            if not self.players or is_named(game.player(side).name, self.players):
                yield side

    def _tallies(self, review: Review, side: Side) -> tuple[Tally, ...]:
        pace = speed(review.game)
        family = review.opening.family if review.opening else "(not named)"
        seen_from = f" as {side.value.capitalize()}" if self.players else ""
        return (
            self.overall,
            self.by_side[side],
            self.by_opening[f"{family}{seen_from}"],
            self.by_speed[pace.value if pace else "(no clock)"],
        )

    def _add_side(self, review: Review, side: Side, tallies: tuple[Tally, ...]) -> None:
        moves = [move for move in review.moves if move.side is side]
        for tally in tallies:
            tally.add_appearance(_outcome(review.game, side), review.side(side).accuracy)
            for move in moves:
                tally.add_move(move)
        for move in moves:
            self.by_phase[move.phase.value].add_move(move)
            self.labels[move.label.kind] += 1
            if move.judgment:
                self._keep_if_costly(review, move)

    def _keep_if_costly(self, review: Review, move: JudgedMove) -> None:
        costly = CostlyMove(move.loss, -self.games, move, review.game)
        if len(self._costliest) < _COSTLIEST:
            heapq.heappush(self._costliest, costly)
        else:
            heapq.heappushpop(self._costliest, costly)


def _outcome(game: Game, side: Side) -> str:
    if game.result is Result.UNKNOWN:
        return "unknown"
    if game.result.winner is None:
        return "draw"
    return "win" if game.result.winner is side else "loss"
