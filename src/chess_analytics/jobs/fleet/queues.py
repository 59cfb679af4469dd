"""The queues of the broker, one a class of work, so that workers can be told what to hear."""

from enum import StrEnum

from chess_analytics.store.job_rows import Service

VISIT = "visit"
"""The name of the message that rings."""


class Queue(StrEnum):
    """What a bell may ring for. The order is that in which a worker listens."""

    INTERACTIVE = "interactive"
    BATCH = "batch"
    BACKGROUND = "background"


_OF_SERVICE = {
    Service.INTERACTIVE: Queue.INTERACTIVE,
    Service.BATCH: Queue.BATCH,
    Service.BACKGROUND: Queue.BACKGROUND,
}


def queue_of(service: Service) -> Queue:
    """Tell which bell is rung for a class of work."""
    return _OF_SERVICE[service]


def services_of(queues: tuple[Queue, ...]) -> tuple[Service, ...]:
    """Tell which classes of work a worker does that hears these bells."""
    return tuple(service for service in Service if queue_of(service) in queues)
