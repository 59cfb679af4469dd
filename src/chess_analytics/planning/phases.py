"""Three ways to run it: what each needs for a workload, whether that fits, what breaks first."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from chess_analytics.planning.demand import HOUR_S, Demand
from chess_analytics.planning.prices import HOURS_A_MONTH, Prices
from chess_analytics.planning.scaling import Scaling
from chess_analytics.planning.sizing import Rehearsal, Shown, Workload

# Measured: what a library grows by with a game that is analysed, by bench/plan (bench/results).
DATABASE_BYTES_A_GAME = 22_000
# docs/guides/fleet.md: what slots and the processes around them take.
_SLOT_MB = 250
_PROCESS_MB = 150
_SLOTS_A_WORKER = 4
_SERVER_CORES = 2
_SERVER_MB = 1024
_DATABASE_MB = 2048
# It holds bells and news, both bounded: what compose.yaml gives it is the least there is to buy.
_REDIS_MB = 128
# Each slot has three connections to PostgreSQL, each server up to 64 (docs/guides/fleet.md).
_CONNECTIONS_A_SLOT = 3
_CONNECTIONS_A_SERVER = 64
_CONNECTIONS = 300
_POOLED_CONNECTIONS = 5_000
# Games saved a second without an engine, all by one database on two cores (bench/results, jobs).
_SQLITE_GAMES_A_S = 150
_POSTGRES_GAMES_A_S = 110
# Ours: what one still looks after by hand, and what one still restores within hours.
_WORKERS_BY_HAND = 10
_SQLITE_GB = 100.0
_POSTGRES_GB = 2_000.0
_DRAIN_S = 600.0
_GB = 1e9
YEARS = 3
"""The disk is bought for so long."""


@dataclass(frozen=True, slots=True)
class Load:
    """How much of something a phase uses of what there can be."""

    what: str
    used: float
    most: float
    a_user: float
    """What one more user adds to it."""
    remedy: str
    """What helps against it."""

    @property
    def more_users(self) -> float:
        """So many more users of the same kind it bears; fewer than none where it is too much."""
        return (self.most - self.used) / self.a_user


@dataclass(frozen=True, slots=True)
class Sizing:
    """What a phase needs."""

    number: int
    name: str
    shown: Shown
    keeps_target: bool
    workers: int
    """Processes or pods with slots, at most at once; the server itself has them in phase 1."""
    cores: int
    memory_mb: int
    database_gb_a_year: float
    redis_mb: int
    month: float | None
    """What it costs; absent without prices."""
    loads: tuple[Load, ...]
    """What it uses of what there can be: what breaks first comes first."""
    users: int

    @property
    def fits(self) -> bool:
        return self.keeps_target and all(load.used <= load.most for load in self.loads)

    @property
    def first_to_break(self) -> Load:
        return self.loads[0]

    @property
    def users_at_most(self) -> int:
        """So many users of the same kind it bears until something breaks."""
        return max(0, math.floor(self.users + self.first_to_break.more_users))


@dataclass(frozen=True, slots=True)
class Plan:
    """The three phases, and the first that fits."""

    workload: Workload
    phases: tuple[Sizing, ...]
    a_million_games: float | None
    """What the engines' cores cost for a million games; absent without prices."""

    @property
    def choice(self) -> Sizing | None:
        return next((phase for phase in self.phases if phase.fits), None)


def plan(workload: Workload, server_cores: int, prices: Prices | None = None) -> Plan:
    """Size the three phases; the one server of phase 1 can have so many cores at most."""
    rehearsal = Rehearsal(workload)
    fewest = rehearsal.fewest()
    phases = (
        _one_server(workload, fewest, server_cores, prices),
        _workers(workload, fewest, prices),
        _kubernetes(workload, _autoscaled(rehearsal, fewest), prices),
    )
    return Plan(workload, phases, _a_million_games(workload, prices))


def database_gb_a_year(demand: Demand) -> float:
    return demand.games_a_day * 365 * DATABASE_BYTES_A_GAME / _GB


def _one_server(
    workload: Workload, shown: Shown, server_cores: int, prices: Prices | None
) -> Sizing:
    # The server answers while its engines work, which leave it a part of a core.
    cores = shown.slots + 1
    memory_mb = _SERVER_MB + shown.slots * _SLOT_MB
    disk = database_gb_a_year(workload.demand)
    a_user = _slots_a_user(workload, shown)
    loads = (
        Load("cores of one machine", cores, server_cores, a_user,
             "engines on other machines, which is phase 2"),
        _saving("SQLite", workload, shown, _SQLITE_GAMES_A_S),
        _disk("SQLite", workload, _SQLITE_GB, "PostgreSQL: chess-analytics db copy"),
    )  # fmt: skip

    def paid(p: Prices) -> float:
        return cores * p.core + memory_mb / 1024 * p.memory_gb + disk * YEARS * p.storage_gb

    bought = _Bought(0, cores, memory_mb, 0)
    return _sizing(_Phase(1, "one server"), workload, shown, loads, bought, _month(prices, paid))


def _workers(workload: Workload, shown: Shown, prices: Prices | None) -> Sizing:
    workers = math.ceil(shown.slots / _SLOTS_A_WORKER)
    cores = shown.slots + 2 * _SERVER_CORES
    memory_mb = shown.slots * _SLOT_MB + workers * _PROCESS_MB + _SERVER_MB + _DATABASE_MB
    disk = database_gb_a_year(workload.demand)
    a_user = _slots_a_user(workload, shown)
    loads = (
        Load("workers looked after by hand", workers, _WORKERS_BY_HAND, a_user / _SLOTS_A_WORKER,
             "Kubernetes looks after them, which is phase 3"),
        *_of_postgresql(workload, shown, _CONNECTIONS, servers=1),
    )  # fmt: skip

    def paid(p: Prices) -> float:
        machines = cores * p.core + memory_mb / 1024 * p.memory_gb
        return machines + disk * YEARS * p.storage_gb + p.redis

    bought = _Bought(workers, cores, memory_mb, _REDIS_MB)
    return _sizing(_Phase(2, "workers"), workload, shown, loads, bought, _month(prices, paid))


def _kubernetes(workload: Workload, shown: Shown, prices: Prices | None) -> Sizing:
    servers = max(2, math.ceil(shown.slots / 64))
    workers = math.ceil(shown.slots / _SLOTS_A_WORKER)
    around = servers * _SERVER_CORES + _SERVER_CORES
    around_mb = servers * _SERVER_MB + _DATABASE_MB
    cores = shown.slots + around
    memory_mb = shown.slots * _SLOT_MB + workers * _PROCESS_MB + around_mb
    disk = database_gb_a_year(workload.demand)

    def paid(p: Prices) -> float:
        slot = p.core + (_SLOT_MB + _PROCESS_MB / _SLOTS_A_WORKER) / 1024 * p.memory_gb
        engines = shown.mean_slots * slot * (1 - p.spot_discount)
        rest = around * p.core + around_mb / 1024 * p.memory_gb
        return engines + rest + disk * YEARS * p.storage_gb + p.redis + p.cluster

    loads = _of_postgresql(workload, shown, _POOLED_CONNECTIONS, servers=servers)
    bought = _Bought(workers, cores, memory_mb, _REDIS_MB)
    return _sizing(_Phase(3, "Kubernetes"), workload, shown, loads, bought, _month(prices, paid))


def _of_postgresql(
    workload: Workload, shown: Shown, connections: int, *, servers: int
) -> tuple[Load, ...]:
    used = shown.slots * _CONNECTIONS_A_SLOT + servers * _CONNECTIONS_A_SERVER
    a_user = _slots_a_user(workload, shown) * _CONNECTIONS_A_SLOT
    return (
        Load("connections to PostgreSQL", used, connections, a_user,
             "a pooler before it, or a higher max_connections"),
        _saving("PostgreSQL", workload, shown, _POSTGRES_GAMES_A_S),
        _disk("PostgreSQL", workload, _POSTGRES_GB,
              "partitions, then one database for each part of the users"),
    )  # fmt: skip


def _saving(where: str, workload: Workload, shown: Shown, most: float) -> Load:
    """All slots at work without a pause save so many games a second."""
    return Load(
        f"games a second into {where}",
        shown.slots / workload.mean_s,
        most,
        _slots_a_user(workload, shown) / workload.mean_s,
        "more cores for the database, then one for each part of the users",
    )


def _disk(where: str, workload: Workload, most: float, remedy: str) -> Load:
    used = database_gb_a_year(workload.demand) * YEARS
    a_user = used / workload.demand.users
    return Load(f"GB in {where} after {YEARS} years", used, most, a_user, remedy)


def _slots_a_user(workload: Workload, shown: Shown) -> float:
    """Say how many slots one more user needs where there are many users.

    Few users need whole slots, and more for chance; of many, those that the peak hours keep busy.
    """
    busy_in_peak = workload.mean_slots * workload.demand.peak
    return min(float(shown.slots), busy_in_peak) / workload.demand.users


def _autoscaled(rehearsal: Rehearsal, fewest: Shown) -> Shown:
    """Let slots follow the backlog: at most twice what a fixed number needs, as few as one worker.

    Where the usual aim for the backlog does not keep the target, a shorter one is tried.
    """
    most = max(2 * math.ceil(fewest.slots / fewest.parts), _SLOTS_A_WORKER)
    target_s = rehearsal.workload.target_s
    drain_s = min(_DRAIN_S, target_s)
    while True:
        scaling = Scaling(_SLOTS_A_WORKER, most, drain_s, slots_a_worker=_SLOTS_A_WORKER)
        shown = rehearsal.scaled(scaling)
        if shown.keeps(target_s) or not fewest.keeps(target_s) or drain_s < 1:
            return shown
        drain_s /= 2


@dataclass(frozen=True, slots=True)
class _Phase:
    number: int
    name: str


@dataclass(frozen=True, slots=True)
class _Bought:
    workers: int
    cores: int
    memory_mb: int
    redis_mb: int


def _sizing(
    phase: _Phase,
    workload: Workload,
    shown: Shown,
    loads: tuple[Load, ...],
    bought: _Bought,
    month: float | None,
) -> Sizing:
    return Sizing(
        number=phase.number,
        name=phase.name,
        shown=shown,
        keeps_target=shown.keeps(workload.target_s),
        workers=bought.workers,
        cores=bought.cores,
        memory_mb=bought.memory_mb,
        database_gb_a_year=database_gb_a_year(workload.demand),
        redis_mb=bought.redis_mb,
        month=month,
        loads=tuple(sorted(loads, key=lambda load: load.more_users)),
        users=workload.demand.users,
    )


def _month(prices: Prices | None, paid: Callable[[Prices], float]) -> float | None:
    return None if prices is None else paid(prices)


def _a_million_games(workload: Workload, prices: Prices | None) -> float | None:
    if prices is None:
        return None
    return 1e6 * workload.mean_s * prices.core / (HOURS_A_MONTH * HOUR_S)
