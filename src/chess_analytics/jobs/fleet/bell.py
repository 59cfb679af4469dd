"""As many bells as there is work and hands: rung after a commit, and again if they got lost.

Whoever rings looks into the database first. So it does not matter whether a bell was rung twice, or
never, or by somebody who died: the next look finds what is missing.
"""

from chess_analytics.jobs.fleet.queues import queue_of
from chess_analytics.jobs.fleet.ringer import Ringer
from chess_analytics.store.lease_clock import lease_clock
from chess_analytics.store.session import Store
from chess_analytics.store.waiting_tasks import count_waiting
from chess_analytics.store.workers import count_slots

# Workers say every five seconds that they live.
_SEEN_MS = 60_000
# Where no worker was seen yet, some may be on their way.
_FEWEST_HANDS = 16
# More than any fleet has; a broker holds kilobytes.
_MOST_BELLS = 1024


def ring_what_waits(store: Store, ringer: Ringer) -> int:
    """Ring so often that every free hand finds one of the tasks that wait; give how often.

    Raises:
        BrokerAway: nobody can be called; the tasks wait.
    """
    with store.reading() as connection:
        now_ms = lease_clock(store)(connection)
        slots = count_slots(connection, now_ms - _SEEN_MS)
        hands = min(max(slots, _FEWEST_HANDS), _MOST_BELLS)
        waiting = count_waiting(connection, now_ms=now_ms, most=hands)
    rung = 0
    for service, count in waiting.items():
        queue = queue_of(service)
        missing = count - ringer.waiting(queue)
        if missing > 0:
            ringer.ring(queue, missing)
            rung += missing
    return rung
