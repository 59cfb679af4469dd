"""The image is built from what is pinned, runs as nobody in particular, and hears its signals."""

import json
import re
from fnmatch import fnmatch

from tests.deploy.composed import DEPLOY

ROOT = DEPLOY.parent
_LINES = re.sub(r"\\\n", " ", (DEPLOY / "Dockerfile").read_text()).splitlines()
STEPS = [
    (word, rest.strip())
    for line in _LINES
    if line.strip() and not line.startswith("#")
    for word, _, rest in [line.partition(" ")]
]
KNOWN = {"ARG", "FROM", "ENV", "RUN", "WORKDIR", "COPY", "USER", "VOLUME", "EXPOSE", "ENTRYPOINT",
         "CMD"}  # fmt: skip


def _all(word: str) -> list[str]:
    return [rest for step, rest in STEPS if step == word]


def test_every_step_is_one_that_there_is() -> None:
    assert {word for word, _ in STEPS} <= KNOWN


def test_stages_come_from_one_python_and_one_node_of_named_versions() -> None:
    assert _all("FROM") == [
        "node:${NODE} AS web",
        "python:${PYTHON} AS build",
        "python:${PYTHON}",
    ]
    python, node = _all("ARG")
    assert re.fullmatch(r"PYTHON=3\.\d+-slim-\w+", python)
    assert re.fullmatch(r"NODE=\d+-\w+-slim", node)


def test_pages_are_built_from_what_is_pinned_and_laid_into_the_package() -> None:
    (built,) = [run for run in _all("RUN") if "npm" in run]
    assert built == "npm ci --omit=dev && npm run build"
    place = "src/chess_analytics/web_build"
    assert f"--from=web /build/{place} ./{place}" in _all("COPY")


def test_packages_are_those_that_are_pinned_by_hash() -> None:
    installs = [run for run in _all("RUN") if "pip install" in run]
    assert len(installs) == 2
    assert "--require-hashes" in installs[0]
    assert "--no-deps" in installs[1]
    assert "--no-build-isolation" in installs[1]


def test_system_packages_leave_nothing_behind() -> None:
    (installed,) = [run for run in _all("RUN") if "apt-get" in run]
    assert "--no-install-recommends" in installed
    assert "rm -rf /var/lib/apt/lists/*" in installed
    assert not [run for run in _all("RUN") if re.search(r"curl|wget|sudo|chmod 777", run)]


def test_it_runs_as_the_user_that_compose_names_and_as_process_one() -> None:
    assert _all("USER") == ["10001:10001"]
    last_user = max(place for place, (word, _) in enumerate(STEPS) if word == "USER")
    assert not [word for word, _ in STEPS[last_user:] if word in ("RUN", "COPY")]
    # Lists: a shell in between would keep signals to itself.
    assert json.loads(_all("ENTRYPOINT")[0]) == ["chess-analytics"]
    assert json.loads(_all("CMD")[0])[0] == "serve"


def test_what_is_copied_is_there_and_sent_to_the_builder_and_nothing_else_is() -> None:
    rules = [line for line in (ROOT / ".dockerignore").read_text().splitlines() if line]
    sent = {rule[1:] for rule in rules if rule.startswith("!")}
    copied = {name for step in _all("COPY") if "--from" not in step for name in step.split()[:-1]}
    assert "*" in rules
    assert copied == sent
    assert all((ROOT / name).exists() for name in copied)
    assert not [name for name in copied if fnmatch(name, ".*")]
