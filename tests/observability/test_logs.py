"""What is logged: in one form, with numbers of what it belongs to, without what is somebody's."""

import io
import json
import logging
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest

from chess_analytics.observability.context import belonging_to, current_ids, note_ids
from chess_analytics.observability.logs import LogFormat, LogLevel, LogPlan, write_logs

FEN = "8/8/8/8/8/8/8/K1k5 w - - 0 1"
JSON = LogPlan(LogFormat.JSON, LogLevel.INFO)


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Give where logs are written; afterwards the tests' own handlers are back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)


def _lines(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_lines_of_all_loggers_are_objects_with_the_numbers_of_what_they_belong_to(
    stream: io.StringIO,
) -> None:
    write_logs(JSON, stream)
    with belonging_to(job=7, user=3, request=None):
        for name in ("chess_analytics.jobs.hands", "uvicorn.error", "celery.worker"):
            logging.getLogger(name).info("something.ended %s", "well", extra={"games": 2})
    logging.getLogger("uvicorn.error").info("alone")
    first, second, third, alone = _lines(stream)
    assert first.pop("timestamp").endswith("Z")
    assert first == {
        "event": "something.ended well", "level": "info", "logger": "chess_analytics.jobs.hands",
        "games": 2, "job": 7, "user": 3,
    }  # fmt: skip
    assert (second["logger"], third["logger"]) == ("uvicorn.error", "celery.worker")
    assert (second["job"], third["user"]) == (7, 3)
    assert not {"job", "user"} & set(alone)


def _fail() -> None:
    raise ValueError(f"'ada' played {FEN} by redis://:secret@cache\n    as \"bob\" saw")


def test_a_fault_is_told_with_its_places_and_without_what_it_quotes(stream: io.StringIO) -> None:
    write_logs(JSON, stream)
    try:
        _fail()
    except ValueError:
        logging.getLogger("x").exception("task.fault of 'ada'")
    (line,) = _lines(stream)
    assert line["event"] == "task.fault of (quoted)"
    assert f'File "{__file__}", line ' in line["exception"]
    assert "ValueError: (quoted) played (position) by redis://(hidden)@cache" in line["exception"]
    # The place shows the line of the program, in which this test spells the names itself.
    said = line["exception"].split("ValueError: ")[1]
    assert not [name for name in ("ada", "bob", "secret") if name in said]


def test_people_get_lines_without_colours_where_there_is_no_terminal(stream: io.StringIO) -> None:
    write_logs(LogPlan(), stream)
    with belonging_to(task=5):
        logging.getLogger("x").info("not.told")
        logging.getLogger("x").warning("work.database_away by 'ada'")
    (line,) = stream.getvalue().splitlines()
    assert "warning" in line
    assert "work.database_away by (quoted)" in line
    assert "task=5" in line
    assert "\x1b" not in line


def test_numbers_found_on_the_way_reach_callers_and_end_with_what_they_belong_to() -> None:
    seen = []
    with belonging_to(request="r"):
        with belonging_to(job=1):
            note_ids(user=2)
            seen.append(dict(current_ids()))
        note_ids(user=9)
        other = Thread(target=lambda: seen.append(dict(current_ids())))
        other.start()
        other.join()
        seen.append(dict(current_ids()))
    note_ids(user=4)
    assert seen == [{"request": "r", "job": 1, "user": 2}, {}, {"request": "r", "user": 9}]
    assert current_ids() == {}
