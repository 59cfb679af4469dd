"""deploy/ holds what it promises: sound files, no secret, nothing more open than need be."""

import json
import re
from typing import Any

import pytest
from compose_spec import PyCompose
from typer.main import get_command

from chess_analytics.cli.main import build_app
from chess_analytics.settings import Settings
from tests.deploy.composed import DEPLOY, compose, roles, seconds, services, variables

ONCE = "upgrade"


def test_the_file_is_what_compose_understands() -> None:
    read = PyCompose.from_json(json.dumps(compose())).to_spec()
    assert set(read.services or {}) == set(services())
    assert set(roles()) == {ONCE, "api", "worker", "beat", "flower"}


@pytest.mark.parametrize("name", [*services()])
def test_a_service_is_watched_limited_and_pinned(name: str) -> None:
    service = services()[name]
    limits = service["deploy"]["resources"]["limits"]
    assert float(limits["cpus"]) > 0
    assert limits["memory"]
    assert service["restart"] == ("on-failure" if name == ONCE else "unless-stopped")
    assert name == ONCE or service["healthcheck"]["test"]
    if name not in roles():
        assert re.fullmatch(r"[a-z]+:\d[\w.-]+", service["image"])


@pytest.mark.parametrize("name", [*roles(), "redis"])
def test_a_service_runs_as_nobody_in_particular_and_writes_nowhere_else(name: str) -> None:
    service = services()[name]
    assert not service["user"].startswith(("0", "root"))
    assert service["read_only"]
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert service["tmpfs"]


def test_no_secret_has_a_default_and_the_example_names_every_one() -> None:
    used = variables(compose())
    assert all(after.startswith(":?") for _, after in used)
    example = (DEPLOY / "env.example").read_text()
    assert dict(re.findall(r"^(\w+)=(.*)$", example, re.MULTILINE)) == {
        name: "" for name, _ in used
    }
    assert "env.example" in (DEPLOY / "compose.yaml").read_text()


def test_nothing_is_reached_from_outside_but_by_a_proxy_on_this_machine() -> None:
    ports = {name: it["ports"] for name, it in services().items() if "ports" in it}
    assert set(ports) == {"api", "flower"}
    assert all(port.startswith("127.0.0.1:") for held in ports.values() for port in held)


def test_no_password_is_among_the_words_of_a_command() -> None:
    for name, service in services().items():
        assert not variables(service.get("command", [])), name


@pytest.mark.parametrize("name", [*roles()])
def test_a_role_is_a_command_of_ours_with_settings_of_ours(name: str) -> None:
    service = roles()[name]
    for words in [service["command"], _checked(service)]:
        if words:
            with pytest.raises(SystemExit) as ended:
                get_command(build_app()).main([*words, "--help"], prog_name="chess-analytics")
            assert ended.value.code == 0
    known = {f"CHESS_ANALYTICS_{field.upper()}" for field in Settings.model_fields}
    assert set(service["environment"]) <= known


def test_a_worker_is_given_the_time_that_its_games_are() -> None:
    worker = services()["worker"]
    grace_s = int(worker["environment"]["CHESS_ANALYTICS_GRACE_S"])
    # Then the games are given back, and whatever hangs is ended: 10 s each at most.
    assert seconds(worker["stop_grace_period"]) >= grace_s + 20
    slots = int(worker["command"][worker["command"].index("--slots") + 1])
    assert float(worker["deploy"]["resources"]["limits"]["cpus"]) >= slots


def test_every_volume_is_declared_and_used() -> None:
    used = {volume.split(":")[0] for service in services().values() for volume in _volumes(service)}
    assert used == set(compose()["volumes"])


def _volumes(service: dict[str, Any]) -> list[str]:
    found: list[str] = service.get("volumes", [])
    return found


def _checked(service: dict[str, Any]) -> list[str]:
    """Give the words of a health check that is a command of ours."""
    test: list[str] = service.get("healthcheck", {}).get("test", [])
    return test[2:] if test[1:2] == ["chess-analytics"] else []
