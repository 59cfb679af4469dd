"""``doctor --deep`` on deployments in which one thing is broken, and on a sound one."""

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from sqlalchemy import create_engine, text

from chess_analytics.cli.deep_checks import (
    broker_finding,
    clock_finding,
    deep_checks,
    folder_findings,
    queue_finding,
    secret_findings,
    writing_finding,
)
from chess_analytics.settings import Settings
from chess_analytics.store.session import open_database, open_store
from tests.analysing import keep_batch
from tests.cli.commands import Home
from tests.library import keep_game
from tests.redis_server import RedisServer, redis_server
from tests.store.stored_games import add_user


@pytest.fixture
def redis(socket_enabled: None) -> Iterator[RedisServer]:  # noqa: ARG001
    with redis_server() as running:
        yield running


def _problems(settings: Settings) -> dict[str, str]:
    return {it.subject: it.problem for it in deep_checks(settings) if it.problem}


def _settings(folder: Path, url: str | None = None) -> Settings:
    return Settings(data_dir=folder / "data", database_url=SecretStr(url) if url else None)


def test_a_sound_fleet_is_said_to_be_sound_and_nothing_stays_behind(
    home: Home, postgres_url: str, redis: RedisServer
) -> None:
    settings = {
        "CHESS_ANALYTICS_DATABASE_URL": postgres_url,
        "CHESS_ANALYTICS_BROKER_URL": redis.url,
    }
    ended = home.run("doctor", "--deep", "--json", "--engine", home.engine(), settings=settings)
    assert ended.code == 0, ended.out + ended.err
    found = {row["subject"]: row["found"] for row in json.loads(ended.out)}
    assert found["database"].startswith("PostgreSQL ")
    assert found["queue"] == "0 games wait; 0 slots were seen lately"
    for subject in ("broker", "writing"):
        assert "there and back in" in found[subject]
    assert "from the database's" in found["clocks"]
    with redis.client() as client:
        assert client.keys("*doctor*") == []
    engine = create_engine(postgres_url)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM leases")).scalar_one() == 0
    engine.dispose()


def test_a_sound_library_in_its_folder_is_as_well_and_may_be_in_use(tmp_path: Path) -> None:
    settings = _settings(tmp_path)
    assert _problems(settings) == {}
    assert not settings.data_dir.exists()
    with open_store(settings.data_dir):
        assert _problems(settings) == {}
        (writing,) = [it for it in deep_checks(settings) if it.subject == "writing"]
        assert "a server has the data folder" in writing.found
    assert _problems(settings) == {}


def test_a_broken_deployment_is_told_by_exit_code_and_in_words(home: Home) -> None:
    with open_store(home.folder / "data"):
        pass
    (home.folder / "data").chmod(0o755)
    ended = home.run("doctor", "--deep", "--engine", home.engine())
    assert ended.code == 1, ended.out + ended.err
    assert "PROBLEM: other users of this machine may look into it" in ended.out


def test_tables_that_were_not_upgraded_are_told(tmp_path: Path, postgres_url: str) -> None:
    with open_database(postgres_url) as store, store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0007'"))
    problem = _problems(_settings(tmp_path, postgres_url))["database"]
    assert "run `chess-analytics db upgrade`" in problem


def test_a_database_that_does_not_answer_is_told(tmp_path: Path, socket_enabled: None) -> None:  # noqa: ARG001
    url = "postgresql+psycopg://chess:very-secret@127.0.0.1:9/chess"
    problem = _problems(_settings(tmp_path, url))["database"]
    assert "127.0.0.1" in problem
    assert "very-secret" not in problem


def test_a_database_that_only_lets_us_read_is_told(postgres: str, postgres_url: str) -> None:
    name = sql.Identifier(postgres_url.rsplit("/", 1)[1])
    with psycopg.connect(postgres, autocommit=True) as admin:
        readable = sql.SQL("ALTER DATABASE {} SET default_transaction_read_only = on")
        admin.execute(readable.format(name))
        try:
            with open_database(postgres_url) as store:
                finding = writing_finding(store)
        finally:
            admin.execute(
                sql.SQL("ALTER DATABASE {} RESET default_transaction_read_only").format(name)
            )
    assert finding.problem
    assert "read-only transaction" in finding.problem


@pytest.mark.parametrize(("off_s", "is_told"), [(0, False), (-4, False), (90, True), (-90, True)])
def test_a_clock_that_goes_wrong_is_told(postgres_url: str, off_s: int, *, is_told: bool) -> None:
    with open_database(postgres_url) as store:
        finding = clock_finding(store, lambda: time.time() + off_s)
    assert (finding.problem is not None) == is_told
    assert f"{off_s:+d}."[:3] in finding.found or not is_told


def test_games_for_which_nobody_is_there_are_told(tmp_path: Path) -> None:
    with open_store(tmp_path) as store:
        with store.writing() as connection:
            user_id = add_user(connection, "ada")
        assert queue_finding(store).problem is None
        keep_game(store, user_id)
        keep_batch(store, user_id)
        problem = queue_finding(store).problem
    assert problem
    assert "nobody is there" in problem


def test_a_broker_that_is_away_or_refuses_us_is_told(redis: RedisServer) -> None:
    assert broker_finding(redis.url).problem is None
    wrong = broker_finding(redis.url.replace("a-password-of-the-tests", "another-secret"))
    redis.kill()
    away = broker_finding(redis.url)
    strange = broker_finding("amqp://somewhere")
    for finding in (wrong, away, strange):
        assert finding.problem
        assert "CHESS_ANALYTICS_BROKER_URL" in finding.problem
        assert "secret" not in finding.problem
        assert "a-password" not in finding.problem


def test_a_folder_that_others_may_read_is_told_and_we_make_none_such(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    with open_store(folder):
        (finding,) = folder_findings(folder)
        assert (finding.problem, "0700" in finding.found) == (None, True)
        folder.chmod(0o755)
        (finding,) = folder_findings(folder)
    assert finding.problem == f"other users of this machine may look into it: chmod 700 {folder}"


_AS_NOBODY = """
import os, sys
from pathlib import Path
from chess_analytics.cli.deep_checks import folder_findings
if os.getuid() == 0:
    os.setuid(65534)
for finding in folder_findings(Path(sys.argv[1])):
    print(finding.problem)
"""


@pytest.mark.parametrize(
    ("folder_mode", "file_mode", "words"),
    [(0o555, 0o666, "give the folder to"), (0o777, 0o444, "may not write lock"), (0, 0, "give")],
)
def test_a_folder_into_which_we_may_not_write_is_told(
    folder_mode: int, file_mode: int, words: str
) -> None:
    # Root may do anything, so somebody else looks; he cannot reach the folder of this test.
    with tempfile.TemporaryDirectory() as above:
        Path(above).chmod(0o755)
        folder = Path(above) / "data"
        folder.mkdir()
        (folder / "lock").touch()
        (folder / "lock").chmod(file_mode)
        folder.chmod(folder_mode)
        ended = subprocess.run(
            [sys.executable, "-c", _AS_NOBODY, str(folder)],
            capture_output=True,
            text=True,
            check=False,
        )
        folder.chmod(0o700)
    assert ended.returncode == 0, ended.stderr
    assert words in ended.stdout


def test_secrets_that_are_none_are_told(tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=SecretStr("postgresql+psycopg://db.example/chess"),
        broker_url=SecretStr("redis://redis.example:6379/0"),
    )
    file = tmp_path / "pgpass"
    file.touch()
    file.chmod(0o644)
    told = [it.problem or "" for it in secret_findings(settings, {"PGPASSFILE": str(file)})]
    assert "chmod 600" in told[0]
    assert "requirepass" in told[1]
    file.chmod(0o600)
    shut = settings.model_copy(update={"broker_url": SecretStr("redis://:s@redis.example/0")})
    assert list(secret_findings(shut, {"PGPASSFILE": str(file)})) == []
    (missing,) = secret_findings(shut, {"PGPASSFILE": str(tmp_path / "nowhere")})
    assert missing.problem == "there is no such file"
