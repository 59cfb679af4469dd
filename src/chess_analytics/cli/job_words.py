"""What the commands about jobs have in common: their options, and the job that is not there."""

from typing import Annotated

import typer

from chess_analytics.cli.game_options import MOST_ID
from chess_analytics.cli.whose import Library
from chess_analytics.errors import ChessAnalyticsError

JobIdArgument = Annotated[
    int,
    typer.Argument(metavar="JOB", min=1, max=MOST_ID, help="The job's number; see `jobs list`."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print an object a line.")]


class JobUnknown(ChessAnalyticsError):
    """The user has no job of this number."""

    def __init__(self, library: Library, job_id: int) -> None:
        super().__init__(
            f"{library.owner.name} has no job {job_id}; `chess-analytics jobs list` shows which "
            "there are"
        )
