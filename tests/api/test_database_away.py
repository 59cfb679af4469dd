"""The database goes away while the server runs, and comes back."""

from pathlib import Path

import psycopg
from psycopg import sql

from tests.api.serving import serving


def test_while_the_database_is_away_requests_are_told_to_come_again(
    tmp_path: Path, postgres: str, postgres_url: str
) -> None:
    name = sql.Identifier(postgres_url.rsplit("/", 1)[1])
    shut = sql.SQL("ALTER DATABASE {} WITH ALLOW_CONNECTIONS {}")
    with (
        serving(tmp_path, postgres_url) as served,
        psycopg.connect(postgres, autocommit=True) as admin,
    ):
        ada = served.sign_up("ada")
        admin.execute(shut.format(name, sql.SQL("false")))
        admin.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s",
            [postgres_url.rsplit("/", 1)[1]],
        )
        for path in ("health", "me", "games"):
            answer = ada.get(path)
            assert answer.status_code == 503, answer.text
            assert answer.headers["retry-after"] == "5"
            assert answer.headers["content-type"] == "application/problem+json"
        admin.execute(shut.format(name, sql.SQL("true")))
        assert ada.get("me").json()["name"] == "ada"
