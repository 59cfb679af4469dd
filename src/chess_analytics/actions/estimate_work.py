"""Estimate what analysing some games would take, before anybody starts it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from chess_analytics.actions.engine_speed import Engines, nodes_a_position
from chess_analytics.actions.exports.stored_pgn import StoredGameUnreadable, read_again
from chess_analytics.engine.profile import Profile
from chess_analytics.games.positions import shared_fens
from chess_analytics.store.evaluations import known_fens
from chess_analytics.store.games import find_games

MOST_LOOKED_AT = 200
"""Of so many games all first positions are looked up; of more, those of a sample."""


@dataclass(frozen=True, slots=True)
class FirstPositions:
    """The positions at the beginning of games, which others may have been through."""

    games: int
    """How many games were looked at."""
    plies: int
    """How many positions these games have in all."""
    shared: int
    """How many of these are first positions, each as often as it stands."""
    fens: frozenset[str]


@dataclass(frozen=True, slots=True)
class WorkEstimate:
    """What a profile would take."""

    profile: str
    cached_share: float
    """The part of the positions, 0 to 1, that needs no search of its own."""
    nodes: float
    engine_seconds: float


def look_at_first_positions(
    connection: Connection, user_id: int, games: Sequence[tuple[int, int]]
) -> FirstPositions:
    """Read the first positions of the games (ids and plies), or of a sample from all over them."""
    step = -(-len(games) // MOST_LOOKED_AT) or 1
    chosen = dict(games[::step])
    fens: list[str] = []
    for stored in find_games(connection, user_id, list(chosen)).values():
        try:
            fens += shared_fens(read_again(stored)).values()
        except StoredGameUnreadable:
            # It will fail with a reason when its turn comes; here it only counts its plies.
            continue
    return FirstPositions(len(chosen), sum(chosen.values()), len(fens), frozenset(fens))


def estimate_work(
    connection: Connection,
    profile: Profile,
    first: FirstPositions,
    positions: int,
    engines: Engines,
) -> WorkEstimate:
    """Estimate what so many positions take, of which some were looked at."""
    cached = _cached(connection, profile, first)
    share = cached / first.plies if first.plies else 0.0
    nodes = positions * nodes_a_position(profile, engines.latest)
    left = max(0.0, nodes - positions * share * profile.shared_nodes)
    return WorkEstimate(profile.name, share, left, left / engines.speed.nodes_a_second)


def _cached(connection: Connection, profile: Profile, first: FirstPositions) -> int:
    """Count the positions that were searched before, or that one game searches for all."""
    if not profile.shared_nodes:
        return 0
    known = known_fens(connection, first.fens, nodes=profile.shared_nodes)
    return first.shared - len(first.fens - known)
