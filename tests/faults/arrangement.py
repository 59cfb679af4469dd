"""How a machine is put together: each arrangement has to pass every scenario."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which database there is, and who analyses.

    A fleet with a broker is another one: its workers are started with other words.
    """

    name: str
    database: str
    """sqlite or postgresql."""
    workers: int
    """Processes beside the server, which analyses, too."""

    def __str__(self) -> str:
        return self.name


EMBEDDED = Arrangement("embedded", "sqlite", workers=0)
BESIDE = Arrangement("beside", "postgresql", workers=1)
ARRANGEMENTS = (EMBEDDED, BESIDE)
