"""The project keeps its own promises: sizes, docs that name what exists, no host, no path."""

import ast
import importlib
import pkgutil
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.main import get_command

import chess_analytics
from chess_analytics import __version__, errors
from chess_analytics.cli.main import build_app
from chess_analytics.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
MOST_LINES_A_FILE = 400
MOST_LINES_A_FUNCTION = 60


def _tracked(*patterns: str) -> list[Path]:
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        pytest.skip("this is not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def test_no_file_is_too_long() -> None:
    long = [p for p in _tracked("*.py") if len(p.read_text().splitlines()) > MOST_LINES_A_FILE]
    assert not long


def test_no_function_is_too_long() -> None:
    # The body counts: a command's signature is its list of options, one help text each.
    # A migration is one list of changes, and never edited again.
    long = [
        f"{path}:{node.name}"
        for path in _tracked("*.py", ":!*/migrations/*")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.body[0].lineno >= MOST_LINES_A_FUNCTION
    ]
    assert not long


def test_no_file_names_a_package_registry() -> None:
    hosts = "|".join(
        ["pypi" + r"\.org", "python" + "hosted", "registry" + r"\.npmjs", "deb" + r"\.debian"]
    )
    named = [path for path in _tracked() if re.search(hosts.encode(), path.read_bytes())]
    assert not named
    assert not [path for path in _tracked("*.json") if '"resolved"' in path.read_text()]


def test_every_pinned_package_has_a_hash() -> None:
    for lock in ("requirements.txt", "requirements-dev.txt", "scripts/helm-requirements.txt"):
        text = (ROOT / lock).read_text()
        pinned = re.findall(
            r"^[a-z0-9][^\n]*==[^\n]*(?:\n +--hash=sha256:[0-9a-f]{64}.*)+", text, re.MULTILINE
        )
        assert len(pinned) == len(re.findall(r"^[a-z0-9]", text, re.MULTILINE)) > 0


def test_the_tree_of_errors_names_every_error_and_where_it_lives() -> None:
    for module in pkgutil.walk_packages(chess_analytics.__path__, "chess_analytics."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    tree = (errors.__doc__ or "").splitlines()
    for child in _children(errors.ChessAnalyticsError):
        file = child.__module__.removeprefix("chess_analytics.").replace(".", "/") + ".py"
        assert [line for line in tree if f" {child.__name__} " in line and f" {file}" in line], (
            child
        )


def _children(error: type[Exception]) -> Iterator[type[Exception]]:
    for child in error.__subclasses__():
        if child.__module__.startswith("chess_analytics"):
            yield child
            yield from _children(child)


def test_every_setting_is_documented() -> None:
    page = (ROOT / "docs/reference/settings.md").read_text()
    for name, field in Settings.model_fields.items():
        assert f"`CHESS_ANALYTICS_{name.upper()}`" in page
        assert field.description
        assert field.description in page


def test_every_option_of_analyse_is_in_the_readme() -> None:
    command = get_command(build_app()).commands["analyse"]  # type: ignore[attr-defined]
    readme = (ROOT / "README.md").read_text()
    options = [name for option in command.params for name in option.opts if name.startswith("--")]
    assert [name for name in options if f"`{name}" not in readme and f" {name}" not in readme] == []


def test_every_link_between_the_pages_leads_somewhere() -> None:
    dead = [
        f"{page}: {target}"
        for page in _tracked("*.md")
        for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert not dead


def test_every_recipe_that_the_pages_name_exists() -> None:
    recipes = set(
        re.findall(
            r'^([a-z-]+)(?: \*?[A-Z]+(?:="[^"]*")?)*:(?!=)',
            (ROOT / "justfile").read_text(),
            re.MULTILINE,
        )
    )
    named = {
        name
        for page in _tracked("*.md")
        for name in re.findall(r"`(?:\.venv/bin/)?just ([a-z-]+)", page.read_text())
    }
    assert named <= recipes


def test_the_changelog_and_the_package_agree_on_the_version() -> None:
    changelog = (ROOT / "CHANGELOG.md").read_text()
    assert "## Unreleased" in changelog or f"## {__version__}" in changelog
    assert f'version = "{__version__}"' in (ROOT / "pyproject.toml").read_text()


def test_the_pages_stay_short() -> None:
    for page, most in {"ARCHITECTURE.md": 150, "CONTRIBUTING.md": 100}.items():
        assert len((ROOT / page).read_text().splitlines()) <= most


def test_each_decision_has_a_number_of_its_own_that_its_title_repeats() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
    numbers = [file.name[:4] for file in files]
    assert len(numbers) == len(set(numbers))
    assert [file.read_text().split(".")[0] for file in files] == [
        f"# {int(number)}" for number in numbers
    ]
