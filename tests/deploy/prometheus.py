"""A real Prometheus that reads what real processes show."""

import math
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import yaml

from tests.plain_http import NO_TLS
from tests.ports import free_port

_LONG_ENOUGH_S = 60
# An answer that takes longer is one that was missed: on a busy machine some are.
_EVERY = "500ms"

Series = list[tuple[float, float]]
"""Moments, in seconds since 1970, and what was so then; without those at which nothing was."""


def filled(query: str, values: Mapping[str, str]) -> str:
    """Put values into a question of a dashboard, as Grafana does; every name has to have one."""
    for name, value in values.items():
        query = query.replace(name, value)
    assert "$" not in query
    return query


class Prometheus:
    """Answers questions about what it has read so far."""

    def __init__(self, address: str) -> None:
        self._api = f"{address}/api/v1"

    def ask(self, query: str) -> list[float]:
        """Give the values of a question; it has to be one."""
        return [float(each["value"][1]) for each in self._found("query", query)]

    def follow(
        self, query: str, from_s: float, to_s: float, step_s: float
    ) -> Iterator[tuple[dict[str, str], Series]]:
        """Give the course of each thing that a question finds, by its labels."""
        for each in self._found("query_range", query, start=from_s, end=to_s, step=step_s):
            numbers = ((float(at_s), float(value)) for at_s, value in each["values"])
            yield each["metric"], [it for it in numbers if math.isfinite(it[1])]

    def firing(self) -> set[str]:
        """Name the alerts that fire."""
        answer = httpx2.get(f"{self._api}/alerts", verify=NO_TLS, timeout=_LONG_ENOUGH_S)
        alerts = answer.json()["data"]["alerts"]
        return {it["labels"]["alertname"] for it in alerts if it["state"] == "firing"}

    def _found(self, how: str, query: str, **span: float) -> list[Any]:
        answer = httpx2.post(
            f"{self._api}/{how}",
            data={"query": query, **span},
            verify=NO_TLS,
            timeout=_LONG_ENOUGH_S,
        )
        assert answer.status_code == 200, f"{query}: {answer.text}"
        found: list[Any] = answer.json()["data"]["result"]
        return found

    def wait_for(self, alert: str, patience_s: float) -> None:
        """Wait until an alert fires."""
        until_s = time.monotonic() + patience_s
        while alert not in self.firing():
            assert time.monotonic() < until_s, f"{alert} does not fire"
            time.sleep(0.1)

    def wait_for_calm(self) -> None:
        """Wait until no alert fires: an answer that came too late on a busy machine may be one."""
        until_s = time.monotonic() + _LONG_ENOUGH_S
        while firing := self.firing():
            assert time.monotonic() < until_s, firing
            time.sleep(0.1)


@contextmanager
def watching(folder: Path, ports: Mapping[str, int], rules: Path | None) -> Iterator[Prometheus]:
    """Let Prometheus read the metrics of some jobs, twice a second, and look at rules as often."""
    program = shutil.which("prometheus")
    if program is None:
        pytest.skip("there is no prometheus on this machine; Debian has a package of that name")
    folder.mkdir()
    port = free_port()
    told: dict[str, Any] = {
        "global": {"scrape_interval": _EVERY, "evaluation_interval": _EVERY},
        "rule_files": [str(rules)] if rules else [],
        "scrape_configs": [
            {"job_name": name, "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}
            for name, target in ports.items()
        ],
    }
    page = folder / "prometheus.yml"
    page.write_text(yaml.safe_dump(told), encoding="utf-8")
    words = [
        program, f"--config.file={page}", f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log, cwd=folder)
    try:
        _wait_until_ready(f"http://127.0.0.1:{port}", process, folder / "log")
        yield Prometheus(f"http://127.0.0.1:{port}")
    finally:
        process.kill()
        process.wait()


def _wait_until_ready(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + _LONG_ENOUGH_S
    while True:
        assert process.poll() is None, log.read_text(errors="replace")
        assert time.monotonic() < until, log.read_text(errors="replace")
        try:
            if (
                httpx2.get(f"{address}/-/ready", verify=NO_TLS, timeout=_LONG_ENOUGH_S).status_code
                == 200
            ):
                return
        except httpx2.TransportError:
            pass
        time.sleep(0.05)
