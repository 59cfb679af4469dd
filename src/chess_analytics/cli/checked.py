"""What ``chess-analytics doctor`` says of one thing that it has looked at."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's: what was looked at, what was found, what is wrong with it."""

    subject: str
    found: str
    problem: str | None = None
