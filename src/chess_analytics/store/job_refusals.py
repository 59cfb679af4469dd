"""Why a job is not accepted, or cannot be changed as its user wants."""

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.store.job_rows import JobState, StoredJob


class JobRefused(ChessAnalyticsError):
    """Something about a job cannot be done."""


class JobRunning(JobRefused):
    """The user has a job already."""

    def __init__(self, job: StoredJob) -> None:
        how = {
            JobState.WAITING: "is waiting in line; wait until its turn comes, or cancel it",
            JobState.PAUSED: "is paused; resume it and wait for its end, or cancel it",
        }.get(job.state, "is running; wait until it ends, or cancel it")
        super().__init__(f"a job is already running: your job {job.id} {how}")
        self.job = job
        """The one that is in the way."""


class ServerFull(JobRefused):
    """Other users' jobs have all the places that there are."""

    def __init__(self, places: int, retry_after_s: int) -> None:
        minutes = max(1, round(retry_after_s / 60))
        super().__init__(
            f"the server is at work on {places} {'job' if places == 1 else 'jobs'} of other users, "
            f"and takes no more at once; try again in about {minutes} min"
        )
        self.places = places
        self.retry_after_s = retry_after_s


class QuotaUsedUp(JobRefused):
    """The user would get more games analysed in a day or a week than anybody may."""

    def __init__(
        self, period: str, *, most: int, used: int, wanted: int, retry_after_s: int
    ) -> None:
        self.left = max(0, most - used)
        """How many games are left."""
        super().__init__(
            f"{wanted} games are more than are left: {used} of your {most} {period} are used; "
            f"ask for at most {self.left}, or wait until older ones count no more"
        )
        self.retry_after_s = retry_after_s


class TooManySingles(JobRefused):
    """The user waits for as many single games as anybody may."""

    def __init__(self, most: int, retry_after_s: int) -> None:
        super().__init__(
            f"{most} games that you asked for one by one are still being analysed; wait until one "
            "is done, or start a job for all of them"
        )
        self.retry_after_s = retry_after_s


class NothingToAnalyse(JobRefused):
    """None of the games that were asked for is there, or needs an analysis."""

    def __init__(self) -> None:
        super().__init__(
            "there is no game to analyse: all that you asked for are analysed already, or were "
            "deleted; import games, ask for others, or ask for a new analysis"
        )


class JobStateRefused(JobRefused):
    """The job is not in a state in which that can be done."""

    def __init__(self, job: StoredJob, message: str) -> None:
        super().__init__(message)
        self.job = job
