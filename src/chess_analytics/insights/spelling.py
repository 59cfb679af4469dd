"""Moves as players write them: facts know squares alone, so what is shown is spelled afterwards.

sans = {place: "Nxd3" for place in places(found)}       # read by whoever has the games
found = spelled(found, sans)
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from operator import is_not
from typing import Any, TypeVar, cast

from chess_analytics.insights.behind import MoveBehind
from chess_analytics.insights.evidence import MoveRef

Place = tuple[int, int]
"""A game's id and a ply of it."""

_Found = TypeVar("_Found")


def places(found: object) -> Iterator[Place]:
    """Name the moves that something found refers to, wherever they stand in it."""
    if isinstance(found, MoveRef | MoveBehind):
        yield found.game_id, found.ply
    else:
        for part in _parts(found):
            yield from places(part)


def spelled(found: _Found, sans: Mapping[Place, str]) -> _Found:
    """Give the same with its moves spelled; those that are not among ``sans`` stay as they are."""
    return cast("_Found", _spelled(found, sans))


def _spelled(found: Any, sans: Mapping[Place, str]) -> Any:
    """Give the very same where nothing in it is spelled."""
    if isinstance(found, MoveRef | MoveBehind):
        return replace(found, san=sans.get((found.game_id, found.ply)))
    if isinstance(found, tuple):
        parts = tuple(_spelled(each, sans) for each in found)
        return parts if any(map(is_not, parts, found)) else found
    if isinstance(found, Mapping):
        return {key: _spelled(each, sans) for key, each in found.items()}
    kept = {name: getattr(found, name) for name in _fields(found)}
    spelt = {name: new for name, old in kept.items() if (new := _spelled(old, sans)) is not old}
    return replace(found, **spelt) if spelt else found


def _parts(found: object) -> Iterator[object]:
    if isinstance(found, tuple):
        yield from found
    elif isinstance(found, Mapping):
        yield from found.values()
    else:
        yield from (getattr(found, name) for name in _fields(found))


def _fields(found: Any) -> tuple[str, ...]:
    """Name what a value is made of; nothing for numbers, words and the like."""
    return tuple(field.name for field in fields(found)) if is_dataclass(found) else ()
