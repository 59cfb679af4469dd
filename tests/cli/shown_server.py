"""A server for one user whose metrics and log can be looked at."""

import re
import signal
import time
from threading import Thread

import httpx2

from tests.cli.commands import LONG_ENOUGH_S, Home
from tests.plain_http import NO_TLS
from tests.ports import free_port


class ShownServer:
    """A real server on a free port, with its metrics on another; it logs as JSON."""

    def __init__(self, home: Home, engine: str, *words: str, **more: str) -> None:
        self.port = free_port()
        settings = {
            "CHESS_ANALYTICS_METRICS_PORT": str(self.port),
            "CHESS_ANALYTICS_ENGINE": engine,
            "CHESS_ANALYTICS_LOG_FORMAT": "json",
            "CHESS_ANALYTICS_LOG_LEVEL": "info",
            **{f"CHESS_ANALYTICS_{name.upper()}": value for name, value in more.items()},
        }
        self.process = home.start("serve", "--local", "--port", "0", *words, settings=settings)
        assert self.process.stderr
        self.log: list[str] = []
        found = None
        for line in self.process.stderr:
            self.log.append(line)
            found = re.search(r"http://[^ ,;]+", line)
            if found:
                break
        assert found, self.log
        # It would wait for us when the pipe is full.
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.api = httpx2.Client(base_url=f"{found[0]}/api/v1/", timeout=LONG_ENOUGH_S)

    def metrics(self) -> str:
        """Read what it shows Prometheus."""
        return httpx2.get(
            f"http://127.0.0.1:{self.port}/metrics", verify=NO_TLS, timeout=LONG_ENOUGH_S
        ).text

    def end(self) -> None:
        """Stop it; it has to end well."""
        self.api.close()
        self.process.send_signal(signal.SIGTERM)
        assert self.process.wait(LONG_ENOUGH_S) == 0
        self._reader.join()

    def kill(self) -> None:
        """End it at once."""
        self.api.close()
        self.process.kill()
        self.process.wait()
        self._reader.join()

    def bring(self, pgn: str) -> None:
        """Import some games to the end."""
        brought = self.api.post("imports?name=mixed.pgn", content=pgn)
        assert brought.status_code == 202, brought.text
        self.wait(f"imports/{brought.json()['id']}", "done")

    def analyse(self, **wish: object) -> int:
        """Analyse what was not yet, to the end; give the number of games."""
        job = self.begin(**wish)
        self.wait(f"analysis-jobs/{job['id']}", "completed")
        total = job["total"]
        assert isinstance(total, int)
        return total

    def begin(self, **wish: object) -> dict[str, object]:
        """Begin to analyse what was not yet; give the job."""
        job = self.api.post("analysis-jobs", json=wish)
        assert job.status_code == 202, job.text
        begun: dict[str, object] = job.json()
        return begun

    def wait(self, path: str, state: str) -> None:
        """Wait until something is in a state."""
        until = time.monotonic() + LONG_ENOUGH_S
        while self.api.get(path).json()["state"] != state:
            assert time.monotonic() < until, self.api.get(path).text
            time.sleep(0.05)

    def _read(self) -> None:
        assert self.process.stderr
        self.log.extend(self.process.stderr)
