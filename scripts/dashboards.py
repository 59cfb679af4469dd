"""What Grafana shows: dashboards, their panels, and the questions to Prometheus behind each.

Queue and workers are rows of one database, the same wherever they are read: of these the greatest
is taken. What processes count themselves is added up.
"""

from dataclasses import dataclass, field

_API = "chess_analytics_http_request_duration_seconds"
_GAME = "chess_analytics_game_analysis_seconds"
_WAIT = "chess_analytics_job_wait_seconds"
_ENDED = "chess_analytics_tasks_total"
_RESTARTS = "chess_analytics_engine_restarts_total"
_EXPIRED = "chess_analytics_leases_expired_total"
_IMPORTS = "chess_analytics_imports_total"
_SHARED = "chess_analytics_shared_positions_total"
_OWN = 'job=~"chess-analytics.*"'
_LATELY = "[$__rate_interval]"
_RANGE = "[$__range]"


@dataclass(frozen=True, slots=True)
class Panel:
    """A picture: its questions by the legend of what they give."""

    title: str
    unit: str
    """As Grafana names it."""
    queries: dict[str, str]
    is_number: bool = False
    """The last value alone, not its course."""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Dashboard:
    """A page of pictures, in rows of three."""

    name: str
    title: str
    panels: tuple[Panel, ...]
    settings: dict[str, str] = field(default_factory=dict)
    """What its reader can set, with the value that it has at first."""


def _quantile(share: float, metric: str, *by: str, where: str = "") -> str:
    kept = ", ".join(("le", *by))
    return f"histogram_quantile({share}, sum by ({kept}) (rate({metric}_bucket{where}{_LATELY})))"


_QUEUED = Panel(
    "Games that wait",
    "short",
    {"{{class}}": "max by (class) (chess_analytics_queued_tasks)"},
)
_OLDEST = Panel(
    "Age of the oldest job with a game that waits",
    "s",
    {"{{class}}": "max by (class) (chess_analytics_oldest_queued_seconds)"},
)
_PACE = Panel(
    "Games a minute",
    "short",
    {"{{outcome}}": f"60 * sum by (outcome) (rate({_ENDED}{_LATELY}))"},
    why="Claims of games that ended, by how.",
)
_NODES = Panel(
    "Nodes a second, all engines",
    "short",
    {"nodes/s": f"sum(rate(chess_analytics_engine_nodes_total{_LATELY}))"},
)
_SLOTS = Panel(
    "Slots",
    "short",
    {
        "there are": "max(chess_analytics_worker_slots)",
        "busy": "max(chess_analytics_worker_slots_busy)",
    },
)
_ANSWERS = Panel(
    "Answers a second",
    "reqps",
    {"{{status}}": f"sum by (status) (rate({_API}_count{_LATELY}))"},
)
_GAME_TIME = Panel(
    "Seconds a game at its engine",
    "s",
    {
        "mean": f"sum(rate({_GAME}_sum{_LATELY})) / sum(rate({_GAME}_count{_LATELY}))",
        "of 95 in 100 at most": _quantile(0.95, _GAME),
    },
)

DASHBOARDS = (
    Dashboard(
        "overview",
        "Chess Analytics: overview",
        (
            Panel(
                "Database", "bool_on_off", {"": "max(chess_analytics_database_up)"}, is_number=True
            ),
            Panel(
                "Workers",
                "short",
                {"": 'max(chess_analytics_workers{engine="found"})'},
                is_number=True,
            ),
            Panel(
                "Backlog",
                "s",
                {
                    "": "sum(max by (class) (chess_analytics_backlog_engine_seconds))"
                    " / clamp_min(max(chess_analytics_worker_slots), 1)"
                },
                is_number=True,
                why="Until all slots have done what waits now.",
            ),
            _QUEUED,
            _PACE,
            _ANSWERS,
            Panel(
                "Failures",
                "percentunit",
                {
                    "games": f'sum(rate({_ENDED}{{outcome="failed"}}{_LATELY}))'
                    f' / sum(rate({_ENDED}{{outcome=~"failed|done"}}{_LATELY}))',
                    "answers": f'sum(rate({_API}_count{{status=~"5.."}}{_LATELY}))'
                    f" / sum(rate({_API}_count{_LATELY}))",
                },
            ),
            Panel(
                "Versions",
                "short",
                {"{{version}}": "count by (version) (chess_analytics_build_info)"},
                why="Processes by version: two at once while a new one is rolled out.",
            ),
            Panel(
                "Processes that show metrics", "short", {"{{job}}": f"sum by (job) (up{{{_OWN}}})"}
            ),
        ),
    ),
    Dashboard(
        "workers",
        "Chess Analytics: workers",
        (
            _SLOTS,
            Panel(
                "Workers, by engine",
                "short",
                {"{{engine}}": "max by (engine) (chess_analytics_workers)"},
            ),
            _NODES,
            Panel(
                "Nodes a second of one engine",
                "short",
                {"nodes/s": "max(chess_analytics_engine_nodes_per_second)"},
            ),
            _GAME_TIME,
            Panel(
                "Games that died on the way",
                "short",
                {
                    "engines restarted": f"sum(increase({_RESTARTS}{_LATELY}))",
                    "leases expired": f"sum(increase({_EXPIRED}{_LATELY}))",
                },
            ),
            Panel(
                "Since the last sweep",
                "s",
                {"": "time() - max(chess_analytics_last_sweep_timestamp_seconds)"},
            ),
            Panel(
                "Memory of processes, engines aside",
                "bytes",
                {"{{instance}}": f"process_resident_memory_bytes{{{_OWN}}}"},
            ),
            Panel(
                "Cores of processes, engines aside",
                "short",
                {"{{instance}}": f"rate(process_cpu_seconds_total{{{_OWN}}}{_LATELY})"},
            ),
        ),
    ),
    Dashboard(
        "jobs",
        "Chess Analytics: jobs and fairness",
        (
            Panel(
                "Jobs that have not ended",
                "short",
                {"{{state}}": "max by (state) (chess_analytics_open_jobs)"},
            ),
            _QUEUED,
            _OLDEST,
            Panel(
                "Games at an engine",
                "short",
                {"{{class}}": "max by (class) (chess_analytics_running_tasks)"},
                why="Interactive goes before batch, and batch before background.",
            ),
            Panel(
                "What waits, in engine seconds",
                "s",
                {"{{class}}": "max by (class) (chess_analytics_backlog_engine_seconds)"},
            ),
            Panel(
                "How long users wait for their jobs: half of them at most",
                "s",
                {"{{kind}}": _quantile(0.5, _WAIT, "kind")},
            ),
            Panel(
                "And 95 in 100 of them",
                "s",
                {"{{kind}}": _quantile(0.95, _WAIT, "kind")},
            ),
            Panel(
                "Jobs that ended, an hour",
                "short",
                {
                    "{{kind}}, {{state}}": "3600 * "
                    f"sum by (kind, state) (rate({_WAIT}_count{_LATELY}))"
                },
            ),
            Panel(
                "Imports that ended, an hour",
                "short",
                {
                    "{{state}}": f"3600 * sum by (state) (rate({_IMPORTS}{_LATELY}))",
                    "games": f"3600 * sum(rate(chess_analytics_imported_games_total{_LATELY}))",
                },
            ),
        ),
    ),
    Dashboard(
        "api",
        "Chess Analytics: API",
        (
            _ANSWERS,
            Panel(
                "Time to answer",
                "s",
                {
                    "half at most": _quantile(0.5, _API, where='{method="GET"}'),
                    "99 in 100 at most": _quantile(0.99, _API, where='{method="GET"}'),
                },
            ),
            Panel(
                "Failures of ours",
                "reqps",
                {"{{route}}": f'sum by (route) (rate({_API}_count{{status=~"5.."}}{_LATELY}))'},
            ),
            Panel(
                "The busiest addresses",
                "reqps",
                {"{{route}}": f"topk(10, sum by (route) (rate({_API}_count{_LATELY})))"},
            ),
            Panel(
                "The slowest addresses, on average",
                "s",
                {
                    "{{route}}": f"topk(10, sum by (route) (rate({_API}_sum{_LATELY}))"
                    f" / sum by (route) (rate({_API}_count{_LATELY})))"
                },
            ),
            Panel(
                "Refused: too much, or too often",
                "reqps",
                {
                    "{{status}}": "sum by (status) "
                    f'(rate({_API}_count{{status=~"413|429|503"}}{_LATELY}))'
                },
            ),
            Panel(
                "Connections to the database in use",
                "short",
                {"{{instance}}": "chess_analytics_database_connections"},
            ),
        ),
    ),
    Dashboard(
        "cost",
        "Chess Analytics: cost",
        (
            Panel(
                "Engine hours in this range",
                "h",
                {"": f"sum(increase({_GAME}_sum{_RANGE})) / 3600"},
                is_number=True,
            ),
            Panel(
                "Games in this range",
                "short",
                {"": f"sum(increase({_GAME}_count{_RANGE}))"},
                is_number=True,
            ),
            Panel(
                "Price of a thousand games",
                "short",
                {
                    "": f"1000 * $price * sum(increase({_GAME}_sum{_RANGE})) / 3600"
                    f" / sum(increase({_GAME}_count{_RANGE}))"
                },
                is_number=True,
                why="Engine hours at the price of a core hour that is set above; idle cores aside.",
            ),
            Panel(
                "Nodes a game",
                "short",
                {
                    "": f"sum(increase(chess_analytics_engine_nodes_total{_RANGE}))"
                    f" / sum(increase({_GAME}_count{_RANGE}))"
                },
                is_number=True,
            ),
            Panel(
                "Idle share of slots",
                "percentunit",
                {
                    "idle": "1 - max(chess_analytics_worker_slots_busy)"
                    " / max(chess_analytics_worker_slots)"
                },
                why="Paid for and not used.",
            ),
            Panel(
                "Known from other games, of the positions that games share",
                "percentunit",
                {
                    "known": f'sum(rate({_SHARED}{{result="known"}}{_LATELY}))'
                    f" / sum(rate({_SHARED}{_LATELY}))"
                },
            ),
            _NODES,
            _GAME_TIME,
            Panel(
                "Positions a second",
                "short",
                {"positions/s": f"sum(rate(chess_analytics_positions_total{_LATELY}))"},
            ),
        ),
        {"price": "0.04"},
    ),
)
