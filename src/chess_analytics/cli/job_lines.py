"""Jobs in words, a line each."""

from chess_analytics.actions.describe_job import JobStanding
from chess_analytics.cli.game_options import printable
from chess_analytics.cli.progress import spell_seconds
from chess_analytics.store.game_names import GameName
from chess_analytics.store.job_rows import JobState, StoredJob, StoredTask, TaskCounts

_AT_HAND_SHOWN = 2


def job_line(job: StoredJob, counts: TaskCounts) -> str:
    """Show a job as lists do."""
    reason = f"  {job.reason}" if job.reason else ""
    state = job.state.replace("_", " ")
    return f"{job.id:>6}  {state:24}  {job.profile:12}  {spell_counts(counts)}{reason}"


def spell_counts(counts: TaskCounts) -> str:
    """Say where every game of a job stands."""
    games = "game" if counts.total == 1 else "games"
    parts = [f"{counts.done} of {counts.total} {games}"]
    parts += [f"{counts.failed} failed"] if counts.failed else []
    parts += [f"{counts.cancelled} cancelled"] if counts.cancelled else []
    return ", ".join(parts)


def progress_line(standing: JobStanding) -> str:
    """Say how far a job is, in one line that changes."""
    parts = [spell_counts(standing.counts), *_pace(standing)]
    hands = [name_of(standing.names.get(task.game_id or 0)) for task in standing.at_hand]
    if hands:
        more = f" and {len(hands) - _AT_HAND_SHOWN} more" if len(hands) > _AT_HAND_SHOWN else ""
        parts.append(f"at {'; '.join(hands[:_AT_HAND_SHOWN])}{more}")
    return ", ".join(parts)


def _pace(standing: JobStanding) -> list[str]:
    if standing.place_in_line is not None:
        return [f"place {standing.place_in_line} in line"]
    if standing.job.state is JobState.PAUSED:
        return ["paused"]
    found = []
    if standing.games_a_minute is not None:
        found.append(f"{standing.games_a_minute:g} games/min")
    left = standing.outlook.seconds_left
    found.append("time left not known yet" if left is None else f"{spell_seconds(left)} left")
    return found


def name_of(name: GameName | None) -> str:
    """Name a game by its players."""
    if name is None:
        return "a game that was deleted"
    opening = f" ({printable(name.opening)})" if name.opening else ""
    return f"{printable(name.white or '?')} - {printable(name.black or '?')}{opening}"


def failed_line(task: StoredTask, name: GameName | None) -> str:
    """Say which game failed, and why."""
    number = "" if task.game_id is None else f"game {task.game_id}: "
    return f"failed: {number}{name_of(name)}: {printable(task.error or 'nobody knows why')}"
