"""A machine under test: the real server, real workers and an API to ask, made to be mistreated."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

import httpx2

from chess_analytics.store.session import Store, open_store
from tests.accounts import PASSWORD
from tests.cli.running import Forked
from tests.faults.arrangement import Arrangement
from tests.faults.audit import install_audit
from tests.faults.clocks import WallClock
from tests.faults.engines import Engines
from tests.faults.forked import launched
from tests.faults.looking import Looking
from tests.faults.players import User
from tests.plain_http import NO_TLS

LONG_ENOUGH_S = 180.0
_LAUNCHER = Path(__file__).with_name("launch.py")
_LOOK_S = 0.02
_QUIET_S = 30.0

Process = subprocess.Popen[bytes] | Forked


def wait_for(claim: Callable[[], Any], what: str, *, most_s: float = LONG_ENOUGH_S) -> float:
    """Wait until something is true, and tell how many seconds that took."""
    began_s = time.monotonic()
    while not claim():
        assert time.monotonic() - began_s < most_s, f"waited {most_s:.0f} s in vain until {what}"
        time.sleep(_LOOK_S)
    return time.monotonic() - began_s


@dataclass(frozen=True, slots=True)
class Answered:
    """What the API said, for whoever looks at all of its answers."""

    what: str
    status: int
    retry_after: str | None


@dataclass
class Machine:
    """A data folder, a database, engines, and the processes that use them."""

    folder: Path
    arrangement: Arrangement
    engines: Engines
    database_url: str | None = None
    slots: int = 2
    settings: Mapping[str, str] = field(default_factory=dict)
    answers: list[Answered] = field(default_factory=list)
    server: Process | None = None
    workers: list[Process] = field(default_factory=list)
    address: str = ""
    launcher: Path = _LAUNCHER
    """What starts the program, and sees that it ends with us."""
    is_forked: bool = False
    """Whether processes are forked from one that has their libraries, which takes less time."""

    def __post_init__(self) -> None:
        self.data = self.folder / "data"
        self.clock = WallClock(self.folder / "clock")
        self.looking = Looking(self.data, self.database_url)
        self._started: list[Process] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._started:
            process.kill()
            process.wait()

    @contextmanager
    def store(self) -> Iterator[Store]:
        """Open the database as the only process, before the machine is started."""
        with open_store(self.data, self.database_url) as store:
            yield store

    @contextmanager
    def furnishing(self) -> Iterator[Store]:
        """Open the database to put users and games into it, and have its history written."""
        with self.store() as store:
            with store.writing() as connection:
                install_audit(connection)
            yield store

    @property
    def hands(self) -> list[Process]:
        """The processes that analyse; the server comes last."""
        return [*self.workers, *([self.server] if self.server else [])]

    def start(self) -> None:
        self.start_server()
        for _ in range(self.arrangement.workers):
            self.start_worker()

    def start_few(self) -> None:
        """Start as few processes as can do all the work."""
        self.start_server()

    @property
    def slots_in_all(self) -> int:
        """How many games are at work at once, when everything has been started."""
        return self.slots * (1 + self.arrangement.workers)

    def start_server(self) -> None:
        words = ("serve", "--port", "0", "--workers", str(self.slots))
        self.server, said = self._run("server", words, r"serving (http://[^ ,;]+)")
        self.address = f"{said}/api/v1"
        wait_for(self._answers, "the server answers")

    def start_worker(self) -> None:
        words = ("worker", "--slots", str(self.slots))
        started, _ = self._run("worker", words, r"(worker \S+) analyses")
        self.workers.append(started)

    def kill(self, process: Process, how: signal.Signals = signal.SIGKILL) -> None:
        """End a process for good."""
        process.send_signal(how)
        process.wait(LONG_ENOUGH_S)
        self._forget(process)

    def stop(self) -> None:
        """End everything as an operator does, and see that all went well."""
        ended = self.hands
        for process in ended:
            process.send_signal(signal.SIGTERM)
        codes = [process.wait(LONG_ENOUGH_S) for process in ended]
        for process in ended:
            self._forget(process)
        assert not any(codes), (codes, self.log()[-3000:])

    def kill_everything(self) -> None:
        """Kill all processes of ours, as a power failure does."""
        for process in self.hands:
            self.kill(process)

    def replace(self, process: Process, how: signal.Signals) -> None:
        """End one of the hands and start another in its place, as a new version is rolled out."""
        is_server = process is self.server
        self.kill(process, how)
        if is_server:
            self.start_server()
        else:
            self.start_worker()

    def get_over_the_death_of_hands(self) -> None:
        """Start the server again if it died; where others work on, let their patience be over."""
        if not self.server:
            self.start_server()
        if self.looking.is_embedded:
            # Who opens the folder knows that nobody else lives.
            return
        alive = {process.pid for process in self.hands}
        for pid in self.looking.worker_processes() - alive:
            self.looking.let_leases_run_out(pid)

    def ask(self, user: User, method: str, path: str, **more: Any) -> httpx2.Response:
        """Ask the API; every answer is remembered."""
        headers = {"Authorization": f"Bearer {user.token}", **more.pop("headers", {})}
        where = f"{self.address}/{path}"
        answer = httpx2.request(
            method, where, headers=headers, verify=NO_TLS, timeout=LONG_ENOUGH_S, **more
        )
        noted = Answered(f"{method} {path}", answer.status_code, answer.headers.get("Retry-After"))
        self.answers.append(noted)
        return answer

    def leave(self, user: User) -> None:
        """Have a user remove their account, with the password as the door wants it."""
        with httpx2.Client(base_url=self.address, verify=NO_TLS, timeout=LONG_ENOUGH_S) as browser:
            told = browser.post("sessions", json={"name": user.name, "password": PASSWORD})
            assert told.status_code == 201, told.text
            gone = browser.request("DELETE", "me", json={"password": PASSWORD})
            assert gone.status_code == 204, gone.text

    def order_analysis(self, user: User, **wish: Any) -> int:
        """Have all games of a user analysed, and give the job's number."""
        headers = wish.pop("headers", {})
        body = wish or {"nodes": 1000}
        answer = self.ask(user, "POST", "analysis-jobs", json=body, headers=headers)
        assert answer.status_code == 202, (answer.text, self.log()[-4000:])
        job_id: int = answer.json()["id"]
        return job_id

    def wait_for_end(self, job_id: int, *, most_s: float = LONG_ENOUGH_S) -> float:
        """Wait until every game of a job has ended, and the job with them."""

        def is_over() -> bool:
            return self.looking.job(job_id).ended_ms is not None

        try:
            return wait_for(is_over, f"job {job_id} ends", most_s=most_s)
        except AssertionError as error:
            error.add_note(f"{self.looking.counts(job_id)}\n{self.log()[-4000:]}")
            raise

    def wait_for_done(self, job_id: int, many: int) -> float:
        """Wait until so many games of a job have been analysed."""
        return wait_for(lambda: self.looking.counts(job_id).done >= many, f"{many} are done")

    def wait_for_work(self) -> None:
        """Wait until an engine is asked something."""
        asked = self.engines.searches()
        wait_for(lambda: self.engines.searches() > asked, "an engine is at work")

    def wait_until_quiet(self) -> float:
        """Wait until nothing of the stopped machine is left."""
        return wait_for(
            lambda: not self.engines.alive() and not self.looking.connections(),
            "engines and connections are gone",
            most_s=_QUIET_S,
        )

    def log(self) -> str:
        """Give what all processes have said."""
        return "".join(
            path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log"))
        )

    def _answers(self) -> bool:
        try:
            return httpx2.get(f"{self.address}/health", verify=NO_TLS, timeout=5).status_code == 200
        except httpx2.HTTPError:
            return False

    def _forget(self, process: Process) -> None:
        if process is self.server:
            self.server = None
        elif process in self.workers:
            self.workers.remove(process)

    def _run(self, name: str, words: Sequence[str], greeting: str) -> tuple[Process, str]:
        """Start a process and wait for its greeting; give that, too."""
        log = self.folder / f"{name}.log"
        log.touch()
        already = log.stat().st_size
        start = self._fork if self.is_forked else self._start_anew
        process = start(words, log)
        self._started.append(process)

        def greets() -> re.Match[bytes] | None:
            said = log.read_bytes()[already:]
            assert process.poll() is None, said.decode(errors="replace")
            return re.search(greeting.encode(), said)

        wait_for(greets, f"{words[0]} has started")
        found = greets()
        assert found
        return process, found[1].decode()

    def _fork(self, words: Sequence[str], log: Path) -> Process:
        given = (str(self.folder), self._environment(), str(log), str(self.clock.file))
        return Forked(launched, words, *given)

    def _start_anew(self, words: Sequence[str], log: Path) -> Process:
        starter = [sys.executable, str(self.launcher), str(os.getpid()), str(self.clock.file)]
        with log.open("ab") as talk:
            return subprocess.Popen(
                [*starter, *words],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=talk,
                stderr=talk,
                # Ctrl-C is for the tests.
                start_new_session=True,
            )

    def _environment(self) -> dict[str, str]:
        url = {"CHESS_ANALYTICS_DATABASE_URL": self.database_url} if self.database_url else {}
        return {
            "PATH": os.environ.get("PATH", ""),
            "HOME": str(self.folder),
            "CHESS_ANALYTICS_DATA_DIR": str(self.data),
            "CHESS_ANALYTICS_ENGINE": str(self.engines.program),
            "NO_COLOR": "1",
            **url,
            **self.settings,
        }
