"""What a plan starts from: durations, prices, and what games take an engine."""

import re
import tomllib
from pathlib import Path

import typer
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from chess_analytics.engine.discovery import Places, find_engine
from chess_analytics.engine.probe import probe_engine
from chess_analytics.engine.profile import Profile
from chess_analytics.engine.uci import UciSettings
from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.games.model import Game
from chess_analytics.games.positions import board_at
from chess_analytics.planning.prices import Prices
from chess_analytics.planning.service_times import ServiceTimes, from_lengths
from chess_analytics.samples import SAMPLE
from chess_analytics.settings import Settings
from chess_analytics.sources.files import read_paths

_UNITS_S = {"s": 1, "m": 60, "h": 3600, "d": 86_400}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)([smhd])")
# Middles of games: so many searches of so many nodes take about two seconds.
_PROBED_GAMES = 8
_PROBE_NODES = 200_000
_LEAST_S, _MOST_S = 0.001, 86_400.0


class PlanRefused(ChessAnalyticsError):
    """A file that a plan should start from cannot be used."""


class _PricesFile(BaseModel):
    """A file of prices: TOML, flat."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    date: str = Field(min_length=4)
    currency: str = Field(min_length=1)
    core: float = Field(ge=0)
    memory_gb: float = Field(ge=0)
    storage_gb: float = Field(ge=0)
    redis: float = Field(default=0.0, ge=0)
    cluster: float = Field(default=0.0, ge=0)
    spot_discount: float = Field(default=0.0, ge=0, le=1)


def read_duration(text: str, option: str) -> float:
    """Understand an option's duration such as 90s, 30m, 1h or 2d, in seconds.

    Raises:
        typer.BadParameter: it is none, or no time at all.
    """
    found = _DURATION.fullmatch(text.strip())
    seconds = float(found[1]) * _UNITS_S[found[2]] if found else 0.0
    if not seconds:
        raise typer.BadParameter(
            f"{option}: write a duration such as 90s, 30m, 1h or 2d; not {text!r}"
        )
    return seconds


def read_prices(path: Path) -> Prices:
    """Read a file of prices a month.

    Raises:
        PlanRefused: it cannot be read, or a price is missing or wrong.
    """
    try:
        read = tomllib.loads(path.read_text(encoding="utf-8"))
        return Prices(**_PricesFile.model_validate(read).model_dump())
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise PlanRefused(f"{path} is not a file of prices: {error}; {_EXAMPLE}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, it['loc']))}: {it['msg']}" for it in error.errors())
        raise PlanRefused(f"{path}: {wrong}; {_EXAMPLE}") from error


_EXAMPLE = "deploy/prices.example.toml shows what belongs there"


def read_service_times(path: Path) -> ServiceTimes:
    """Read what games took, in seconds: one number a line.

    Raises:
        PlanRefused: it cannot be read, holds no number, or a line is none.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PlanRefused(f"{path} cannot be read: {error}") from error
    seconds = tuple(
        _seconds(path, number, line) for number, line in enumerate(lines, 1) if line.strip()
    )
    if not seconds:
        raise PlanRefused(f"{path} holds no number; write what one game took on each line")
    return ServiceTimes(seconds, f"{len(seconds)} games in {path}")


def _seconds(path: Path, number: int, line: str) -> float:
    try:
        seconds = float(line)
    except ValueError:
        seconds = 0.0
    if not _LEAST_S <= seconds <= _MOST_S:
        raise PlanRefused(
            f"{path}, line {number}: {line.strip()[:40]!r} is no number of seconds from "
            f"{_LEAST_S:g} to {_MOST_S:g}; write what one game took on each line"
        )
    return seconds


def measure_service_times(settings: Settings, profile: Profile) -> ServiceTimes:
    """Measure this machine's engine, and reckon what the games of the sample would take it.

    Raises:
        EngineError: there is no engine, or it does not work.
    """
    games = [entry for entry in read_paths([str(SAMPLE)]) if isinstance(entry, Game)]
    middles = [board_at(game, len(game.moves) // 2).fen() for game in games[:_PROBED_GAMES]]
    command = find_engine(settings.engine, Places.here(settings.data_dir))
    probed = probe_engine(command, UciSettings(hash_mb=settings.hash_mb), middles, _PROBE_NODES)
    return from_lengths([len(game.moves) for game in games], profile, probed.nodes_a_second)
