"""Moves as players write them: facts know squares alone, so what is shown is spelled afterwards.

sans = {place: "Nxd3" for place in places(found)}       # read by whoever has the games
found = spelled(found, sans)
"""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
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
    if isinstance(found, MoveRef | MoveBehind):
        return replace(found, san=sans.get((found.game_id, found.ply)))
    if isinstance(found, tuple):
        return tuple(_spelled(each, sans) for each in found)
    if isinstance(found, Mapping):
        return {key: _spelled(each, sans) for key, each in found.items()}
    if not _is_value(found):
        return found
    kept = {field.name: getattr(found, field.name) for field in fields(found)}
    changed = {name: new for name, old in kept.items() if (new := _spelled(old, sans)) != old}
    return replace(found, **changed) if changed else found


def _parts(found: object) -> Iterator[object]:
    if isinstance(found, tuple):
        yield from found
    elif isinstance(found, Mapping):
        yield from found.values()
    elif _is_value(found):
        yield from (getattr(found, field.name) for field in fields(cast("Any", found)))


def _is_value(found: object) -> bool:
    return is_dataclass(found) and not isinstance(found, type)
