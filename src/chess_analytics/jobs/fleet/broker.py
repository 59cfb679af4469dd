"""The Celery application: every setting that it has, and the failure that each one prevents.

The numbers in brackets are those of the failures in docs/decisions/0017-fleet.md.
"""

from typing import Any

from celery import Celery
from kombu import Exchange
from kombu import Queue as Declared

from chess_analytics.errors import ChessAnalyticsError
from chess_analytics.jobs.fleet.queues import Queue

# The longest game that a profile allows takes minutes. Engines have deadlines of their own, far
# below; who is beyond this one does not work any more, he hangs.
SOFT_LIMIT_S = 3000
HARD_LIMIT_S = 3600
# A message is delivered again when it was not acknowledged for so long, also while it is being
# worked on: far above the hard limit, so that this never decides anything [1].
_VISIBLE_AGAIN_S = 6 * HARD_LIMIT_S


class BrokerRefused(ChessAnalyticsError):
    """The address of the broker cannot be used."""


def broker_app(url: str, *, patience_s: float = 10.0) -> Celery:
    """Give the application that workers, beat and those who ring the bell share.

    ``patience_s`` says how long a broker may be silent before it counts as away.

    Raises:
        BrokerRefused: the address is not one of Redis.
    """
    if not url.startswith(("redis://", "rediss://")):
        raise BrokerRefused(
            "the address of the broker looks like redis://:password@host:6379/0, or rediss:// with "
            "TLS; correct CHESS_ANALYTICS_BROKER_URL"
        )
    app = Celery("chess-analytics", broker=url, set_as_current=False)
    app.conf.update({**_messages(), **_workers(), **_connections(patience_s)})
    return app


def _messages() -> dict[str, Any]:
    return {
        # Who can write to the broker must not be able to run code: no pickle, ever.
        "task_serializer": "json",
        "accept_content": ["json"],
        # A bell is heard when the visit is over: a worker that dies leaves it to others [3, 4].
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # A visit that fails is over, too. Its game is the database's, which counts attempts [5].
        "task_acks_on_failure": True,
        "task_acks_on_timeout": True,
        # What came of it are rows. A backend would grow, and leak subscriptions [12, 13].
        "task_ignore_result": True,
        "result_backend": None,
        "task_store_errors_even_if_ignored": False,
        # A misspelt queue is a mistake, not a new queue that nobody hears.
        "task_queues": [
            Declared(queue, Exchange(queue, type="direct"), routing_key=queue) for queue in Queue
        ],
        "task_default_queue": Queue.BACKGROUND.value,
        "task_create_missing_queues": False,
        "task_soft_time_limit": SOFT_LIMIT_S,
        "task_time_limit": HARD_LIMIT_S,
        # Who rings does not wait for a broker that is away: beat rings again [10].
        "task_publish_retry": False,
        # What Flower and exporters show; the messages hold nothing private.
        "worker_send_task_events": True,
        "task_send_sent_event": True,
        # Nothing is delayed in the broker: a worker would hold it, and hit failure 1 [16].
        "worker_eta_task_limit": 1,
        "timezone": "UTC",
    }


def _workers() -> dict[str, Any]:
    return {
        # The only pool with time limits that hold, and one that a crash does not take along.
        "worker_pool": "prefork",
        # Children inherit what the command has read; nothing has to be imported by name.
        "worker_pool_start_method": "fork",
        # A bell that a busy worker holds rings for nobody [7].
        "worker_prefetch_multiplier": 1,
        "worker_disable_prefetch": True,
        # Memory that Python never gives back; the engine is made new along with it [14].
        "worker_max_tasks_per_child": 200,
        # SIGTERM lets visits end (jobs/fleet/notice.py says how soon). This is for SIGQUIT: wait so
        # long, then end, and leave the messages to others [6].
        "worker_soft_shutdown_timeout": 25.0,
        "worker_enable_soft_shutdown_on_idle": False,
        # A visit whose connection was lost goes on: its game is held in the database, and finished
        # work is not thrown away [20].
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        # Our own logs say what happens, in our own format.
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # The broker may be started after us, and may be away for hours [8].
        "broker_connection_retry_on_startup": True,
        "broker_connection_retry": True,
        "broker_connection_max_retries": None,
    }


def _connections(patience_s: float) -> dict[str, Any]:
    connect_s = min(5.0, patience_s)
    return {
        "broker_connection_timeout": connect_s,
        "broker_transport_options": {
            "visibility_timeout": _VISIBLE_AGAIN_S,
            # Listen to the first queue as long as it has something: classes go before shares.
            "queue_order_strategy": "priority",
            # A line that is dead without saying so is given up, and made anew [8].
            "socket_timeout": patience_s,
            "socket_connect_timeout": connect_s,
            "socket_keepalive": True,
            "health_check_interval": 25,
            # What a lost worker had is looked for every few seconds, not at every tenth message.
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
        },
        # Flower asks workers by these; their answers are kept for a minute. Who can write to the
        # broker can also stop workers: that is what its password is for.
        "worker_enable_remote_control": True,
        "control_queue_expires": 60.0,
    }
