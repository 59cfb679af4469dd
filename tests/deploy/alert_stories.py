"""For each alert what has to be seen for it to fire, and to be silent again."""

from dataclasses import dataclass

# In the notation of promtool, one value a minute: a+bxn counts up by b, n times.
_CLASS = '{class="batch"}'
_SLOTS = "chess_analytics_worker_slots"
_BUSY = "chess_analytics_worker_slots_busy"
_QUEUED = f"chess_analytics_queued_tasks{_CLASS}"
_ENDED = "chess_analytics_tasks_total"
_ANSWERS = "chess_analytics_http_request_duration_seconds"
_GAMES = "method='GET',route='/api/v1/games'"


@dataclass(frozen=True, slots=True)
class Story:
    """Numbers under which an alert fires at one minute and is silent at another."""

    series: dict[str, str]
    fires_at_m: int
    silent_at_m: int
    labels: dict[str, str] | None = None
    """What the alert says besides its severity."""


STORIES = {
    "NoWorker": Story(
        {
            _QUEUED: "5x30",
            'chess_analytics_workers{engine="found"}': "0x10 1x20",
            'chess_analytics_workers{engine="missing"}': "1x30",
        },
        5,
        15,
    ),
    "QueueLongAllBusy": Story(
        {
            _QUEUED: "500x30 50x30",
            f"chess_analytics_backlog_engine_seconds{_CLASS}": "20000x30 900x30",
            _SLOTS: "4x60",
            _BUSY: "4x60",
        },
        20,
        40,
    ),
    "QueueLongSlotsIdle": Story({_QUEUED: "500x60", _SLOTS: "4x60", _BUSY: "1x30 4x30"}, 20, 40),
    "AnalysisSlow": Story(
        {
            "chess_analytics_game_analysis_seconds_sum": "0+300x30 9000+20x30",
            "chess_analytics_game_analysis_seconds_count": "0+2x60",
        },
        25,
        58,
    ),
    "GamesFail": Story(
        {
            f'{_ENDED}{{outcome="failed"}}': "0+1x30 30+0x40",
            f'{_ENDED}{{outcome="done"}}': "0+9x70",
        },
        25,
        60,
    ),
    "WaitLong": Story({f"chess_analytics_oldest_queued_seconds{_CLASS}": "0+60x90 0x30"}, 80, 100),
    "SingleGameWaits": Story(
        {'chess_analytics_oldest_queued_seconds{class="interactive"}': "0+60x10 0x30"}, 8, 20
    ),
    "LeasesExpire": Story({"chess_analytics_leases_expired_total": "0+1x20 20x40"}, 18, 50),
    "EnginesRestart": Story({"chess_analytics_engine_restarts_total": "0+2x20 40x40"}, 18, 50),
    # The clock of these stories begins at 0.
    "NoSweep": Story({"chess_analytics_last_sweep_timestamp_seconds": "0x10 660+60x20"}, 8, 20),
    "DatabaseAway": Story({"chess_analytics_database_up": "0x10 1x20"}, 5, 15),
    "ApiFails": Story(
        {
            f'{_ANSWERS}_count{{status="503"}}': "0+10x20 200x40",
            f'{_ANSWERS}_count{{status="200"}}': "0+90x60",
        },
        15,
        40,
    ),
    "ApiSlow": Story(
        {
            f"{_ANSWERS}_bucket{{{_GAMES},le='1'}}": "0+90x30 2700+100x40",
            f"{_ANSWERS}_bucket{{{_GAMES},le='2.5'}}": "0+100x70",
            f"{_ANSWERS}_bucket{{{_GAMES},le='+Inf'}}": "0+100x70",
        },
        25,
        60,
    ),
    "Down": Story(
        {'up{job="chess-analytics-server",instance="a"}': "0x10 1x20"},
        5,
        15,
        {"job": "chess-analytics-server", "instance": "a"},
    ),
    "Memory": Story(
        {
            'process_resident_memory_bytes{job="chess-analytics-server",instance="a"}': (
                "3000000000x20 500000000x20"
            )
        },
        15,
        30,
        {"instance": "a"},
    ),
    "DiskFull": Story(
        {
            'node_filesystem_avail_bytes{fstype="ext4",mountpoint="/"}': "5x20 50x20",
            'node_filesystem_size_bytes{fstype="ext4",mountpoint="/"}': "100x40",
        },
        15,
        30,
        {"fstype": "ext4", "mountpoint": "/"},
    ),
    "RedisAway": Story({"redis_up": "0x10 1x20"}, 5, 15),
    "CertificateEnds": Story({"probe_ssl_earliest_cert_expiry": "86400x10 90000000x20"}, 5, 15),
    "BackupOld": Story(
        {"chess_analytics_backup_timestamp_seconds": "0x1700 102000x100"}, 1600, 1750
    ),
}
