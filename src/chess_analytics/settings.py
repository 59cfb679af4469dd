"""What an operator can set: read from the environment by the doors, passed on as values."""

from pathlib import Path

import platformdirs
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict


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
        default=None, ge=1, le=1024, description="Engines at work at once; by default one a core."
    )
