"""What machines cost a month: given by the operator, with the day on which it was true."""

from dataclasses import dataclass

HOURS_A_MONTH = 730.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """Prices a month, in one currency."""

    date: str
    """When they were true."""
    currency: str
    core: float
    """One core of a machine that is always there."""
    memory_gb: float
    storage_gb: float
    """One GB of disk with its backup."""
    redis: float = 0.0
    """The smallest Redis that is looked after by somebody else."""
    cluster: float = 0.0
    """What Kubernetes costs beside its nodes."""
    spot_discount: float = 0.0
    """The part that is saved by nodes that may vanish, 0 to 1."""
