"""What an operator can set: read from the environment by the doors, passed on as values."""

from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import platformdirs
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from chess_analytics.jobs.quiet_hours import QuietHours, QuietHoursUnclear
from chess_analytics.observability.exposition import Exposition
from chess_analytics.observability.logs import LogFormat, LogLevel, LogPlan
from chess_analytics.observability.seen import Sight
from chess_analytics.store.job_admission import JobLimits

MIB = 1 << 20
"""Bytes of what settings count in MiB."""

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class Settings(BaseSettings):
    """Every setting with its default; the environment overrides it, a command's option both."""

    model_config = SettingsConfigDict(env_prefix="CHESS_ANALYTICS_", frozen=True, extra="ignore")

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("chess-analytics")),
        description="Folder of what is kept: finished analyses and an engine installed by us.",
    )
    engine: str | None = Field(
        default=None,
        description="The UCI engine to use, a path or a name; by default it is looked for.",
    )
    hash_mb: int = Field(
        default=64,
        ge=1,
        le=65536,
        description="Memory of each engine's hash table, in MiB. It changes the numbers slightly, "
        "so games analysed with another size are analysed again.",
    )
    shared_evaluations: int = Field(
        default=1_000_000,
        ge=0,
        description="How many evaluations of positions that many games share are kept at most; "
        "about 250 bytes each.",
    )
    syzygy_path: str | None = Field(
        default=None,
        description="Folders of Syzygy tablebases for the engine, separated as in PATH. Games "
        "analysed with other tables are analysed again.",
    )
    workers: int | None = Field(
        default=None,
        ge=0,
        le=1024,
        description="Engines at work at once; by default one a core. With 0 a server analyses "
        "nothing itself, and checks no moves that are tried in training.",
    )
    grace_s: float = Field(
        default=25.0,
        ge=0,
        le=3600,
        description="Seconds that the games at hand may take when a server or worker is told to "
        "stop; what is not done by then is given back.",
    )
    drain_s: float = Field(
        default=0.0,
        ge=0,
        le=3600,
        description="Seconds for which a server that is told to stop still answers, while "
        "/api/v1/health/ready answers 503: as long as a load balancer takes to notice. By default "
        "none asks.",
    )
    quiet_hours: str | None = Field(
        default=None,
        description="Hours of the day, by this machine's clock, in which no game of a batch is "
        "begun, such as 8:00-18:00 or 8:00-12:00, 13:30-18:00. Single games that somebody waits "
        "for are analysed at any hour.",
    )
    database_url: SecretStr | None = Field(
        default=None,
        description="Where the library is kept: postgresql+psycopg://user:password@host:5432/name. "
        "By default it is SQLite in the data folder, which needs no server.",
    )
    broker_url: SecretStr | None = Field(
        default=None,
        description="Redis, for a fleet: redis://:password@host:6379/0, or rediss:// with TLS. It "
        "carries nothing but word that there is work; by default the server's own engines work.",
    )
    sync_hours: int | None = Field(
        default=None,
        ge=1,
        description="`chess-analytics beat` fetches the games of linked players again after so "
        "many hours; by default only their users do.",
    )
    flower_password: SecretStr | None = Field(
        default=None,
        min_length=12,
        description="What `chess-analytics flower` asks for, with the name admin; 12 characters "
        "or more. Without one it does not start.",
    )
    metrics_port: int | None = Field(
        default=None,
        ge=1,
        le=65535,
        description="Show metrics for Prometheus on this port, at /metrics, for servers, workers "
        "and beat alike; by default nowhere. They need no password: keep the port inside.",
    )
    metrics_host: str = Field(
        default="127.0.0.1",
        description="The address on which metrics are shown; by default this machine alone can "
        "reach it.",
    )
    log_format: LogFormat = Field(
        default=LogFormat.CONSOLE,
        description="How servers, workers and beat log on standard error: console, for people, or "
        "json, an object a line.",
    )
    log_level: LogLevel = Field(
        default=LogLevel.WARNING,
        description="The least that is logged: debug, info (also every request, game and import), "
        "warning or error.",
    )
    sentry_dsn: SecretStr | None = Field(
        default=None,
        description="Report faults to this Sentry, such as https://key@sentry.example/1: which "
        "error arose where, nothing of anybody's. By default nothing is reported.",
    )
    otlp_url: str | None = Field(
        default=None,
        description="Send traces to this OpenTelemetry collector, such as http://collector:4318 "
        "(OTLP over HTTP); it needs the extra traces. By default none are made.",
    )
    host: str = Field(
        default="127.0.0.1",
        description="The address that the server listens on; by default this machine alone can "
        "reach it.",
    )
    port: int = Field(
        default=8000, ge=0, le=65535, description="The port that the server listens on."
    )
    public_url: str | None = Field(
        default=None,
        description="The address by which users reach the server, such as https://chess.example, "
        "where it stands behind a proxy. With https, cookies are sent over https only.",
    )
    local: bool = Field(
        default=False,
        description="A single user without a log-in, for one's own machine; refused where the "
        "server listens on any other address than this machine's own.",
    )
    sign_up: bool = Field(
        default=True,
        description="Whether anybody may sign up. The first user can sign up always, and is the "
        "administrator.",
    )
    compare_levels: bool = Field(
        default=False,
        description="Whether a player's findings are compared with other users of this server who "
        "play on the same level. Others see averages over ten of them or more, and no names; tell "
        "your users.",
    )
    contact: str | None = Field(
        default=None,
        description="A mail address that Lichess and Chess.com may write to; it is sent along when "
        "games are fetched there. By default the name of the player is.",
    )
    lichess_url: str = Field(
        default="https://lichess.org", description="Where games of Lichess are fetched."
    )
    lichess_token: SecretStr | None = Field(
        default=None, description="A token of Lichess, with which games come faster."
    )
    lichess_client_id: str | None = Field(
        default=None,
        description="Switches «sign in with Lichess» on: any name for this server, such as "
        "chess.example. It needs CHESS_ANALYTICS_PUBLIC_URL.",
    )
    chesscom_url: str = Field(
        default="https://api.chess.com", description="Where games of Chess.com are fetched."
    )
    upload_mb: int = Field(
        default=500, ge=1, description="The largest file that can be uploaded, in MiB."
    )
    upload_expanded_mb: int = Field(
        default=8000, ge=1, description="How large a file may become when it is unpacked, in MiB."
    )
    upload_games: int = Field(
        default=1_000_000, ge=1, description="How many games one upload may hold."
    )

    user_requests: int = Field(
        default=1200,
        ge=0,
        description="How many requests to the API one user may make in a minute, in all browsers "
        "and programs together; 0 for any number. Pages and their files do not count.",
    )
    address_requests: int = Field(
        default=6000,
        ge=0,
        description="How many requests to the API may come from one address in a minute, whoever "
        "sends them; 0 for any number. Behind a proxy on another machine set FORWARDED_ALLOW_IPS.",
    )
    job_places: int = Field(
        default=3,
        ge=1,
        le=1000,
        description="How many batch jobs of all users may be at work at once; who comes later is "
        "told when to come again. Paused jobs do not count.",
    )
    job_line: bool = Field(
        default=False,
        description="Whether a batch job that finds no place waits in line instead.",
    )
    waiting_jobs: int = Field(
        default=1, ge=1, le=1000, description="How many jobs one user may have waiting in line."
    )
    waiting_games: int = Field(
        default=20,
        ge=1,
        le=100_000,
        description="How many single games one user may be waiting for.",
    )
    daily_games: int | None = Field(
        default=None,
        ge=1,
        description="How many games of one user may be analysed in 24 hours; by default any.",
    )
    weekly_games: int | None = Field(
        default=None,
        ge=1,
        description="How many games of one user may be analysed in 7 days; by default any.",
    )

    @field_validator("public_url", "lichess_url", "chesscom_url", "otlp_url")
    @classmethod
    def _is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query:
            raise ValueError("expected an address such as https://chess.example")
        return value.rstrip("/")

    @field_validator("quiet_hours")
    @classmethod
    def _are_hours(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                QuietHours.parse(value)
            except QuietHoursUnclear as error:
                raise ValueError(str(error)) from error
        return value

    @model_validator(mode="after")
    def _fit_together(self) -> Self:
        if self.local and self.host not in LOOPBACK:
            raise ValueError(
                f"CHESS_ANALYTICS_LOCAL means that nobody logs in, so the server may listen on "
                f"{' or '.join(LOOPBACK)} only, not on {self.host}"
            )
        if self.broker_url and not self.database_url:
            raise ValueError(
                "CHESS_ANALYTICS_BROKER_URL needs CHESS_ANALYTICS_DATABASE_URL: a fleet shares a "
                "library in PostgreSQL; without a broker the server's own engines work"
            )
        if self.lichess_client_id and not self.public_url:
            raise ValueError(
                "CHESS_ANALYTICS_LICHESS_CLIENT_ID needs CHESS_ANALYTICS_PUBLIC_URL: Lichess sends "
                "users back to it"
            )
        return self

    @property
    def database(self) -> str | None:
        """Give the address of the database, with its password; nothing with SQLite."""
        url = self.database_url
        return url.get_secret_value() if url else None

    @property
    def exposition(self) -> Exposition | None:
        """Say where metrics are shown, if anywhere."""
        port = self.metrics_port
        return None if port is None else Exposition(self.metrics_host, port)

    @property
    def logs(self) -> LogPlan:
        """Say how this process logs."""
        return LogPlan(self.log_format, self.log_level)

    @property
    def sight(self) -> Sight:
        """Say what this process shows of itself: logs, reports of faults, traces."""
        dsn = self.sentry_dsn
        return Sight(self.logs, dsn.get_secret_value() if dsn else None, self.otlp_url)

    @property
    def job_limits(self) -> JobLimits:
        """Put the limits of jobs in the words of the store."""
        return JobLimits(
            places=self.job_places,
            daily_games=self.daily_games,
            weekly_games=self.weekly_games,
            line=self.job_line,
            most_waiting_a_user=self.waiting_jobs,
            most_singles_a_user=self.waiting_games,
        )
