"""Moves as players write them: facts know squares alone, so what is shown is spelled afterwards.

sans = {place: "Nxd3" for place in places(found)}       # read by whoever has the games
found = spelled(found, sans)
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from operator import is_not
from typing import Any, TypeVar, cast

from chess_analytics.insights.behind import MoveBehind
from chess_analytics.insights.evidence import MoveRef

Place = tuple[int, int]
"""A game's id and a ply of it."""

_Found = TypeVar("_Found")
_MOVES = (MoveRef, MoveBehind)


def places(found: object) -> Iterator[Place]:
    """Name the moves that something found refers to, wherever they stand in it."""
    if isinstance(found, _MOVES):
        yield found.game_id, found.ply
    else:
        for part in _parts(found):
            yield from places(part)


def spelled(found: _Found, sans: Mapping[Place, str]) -> _Found:
    """Give the same with its moves spelled; those that are not among ``sans`` stay as they are."""
    return cast("_Found", _spelled(found, sans))


def _spelled(found: Any, sans: Mapping[Place, str]) -> Any:
    """Give the very same where nothing in it is spelled."""
    if isinstance(found, _MOVES):
        return replace(found, san=sans.get((found.game_id, found.ply)))
    if isinstance(found, tuple):
        parts = tuple(_spelled(each, sans) for each in found)
        return parts if any(map(is_not, parts, found)) else found
    if names := _fields(found):
        kept = {name: getattr(found, name) for name in names}
        spelt = {name: new for name, old in kept.items() if (new := _spelled(old, sans)) is not old}
        return replace(found, **spelt) if spelt else found
    if isinstance(found, Mapping):
        return {key: _spelled(each, sans) for key, each in found.items()}
    return found


def _parts(found: object) -> Iterator[object]:
    if isinstance(found, tuple):
        yield from found
    elif names := _fields(found):
        yield from (getattr(found, name) for name in names)
    elif isinstance(found, Mapping):
        yield from found.values()


def _fields(found: object) -> Iterable[str]:
    """Name what a value is made of; nothing for numbers, words and the like."""
    # What `dataclasses.fields` looks at, without the list that it makes each time.
    names: Iterable[str] = getattr(found, "__dataclass_fields__", ())
    return names
