"""How a machine is put together: each arrangement has to pass every scenario."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arrangement:
    """Which database there is, and who analyses."""

    name: str
    database: str
    """sqlite or postgresql."""
    workers: int
    """Processes beside the server, which analyses, too, unless there is a broker."""
    has_broker: bool = False

    def __str__(self) -> str:
        return self.name


EMBEDDED = Arrangement("embedded", "sqlite", workers=0)
BESIDE = Arrangement("beside", "postgresql", workers=1)
FLEET = Arrangement("fleet", "postgresql", workers=2, has_broker=True)
ARRANGEMENTS = (EMBEDDED, BESIDE, FLEET)
