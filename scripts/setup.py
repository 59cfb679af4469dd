"""Make the project ready on a fresh machine: environment, pinned packages, an engine.

Uses only the standard library, works as root or not, and does nothing twice.
"""

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ENVIRONMENT = ROOT / ".venv"
PYTHON = ENVIRONMENT / "bin" / "python"


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__)
    words.add_argument("--dev", action="store_true", help="also install what the checks need")
    dev = words.parse_args().dev
    os.chdir(ROOT)
    os.environ.setdefault("UV_PYTHON_DOWNLOADS", "never")
    make_environment()
    install_packages(Path("requirements-dev.txt" if dev else "requirements.txt"))
    install_project()
    run(str(ENVIRONMENT / "bin" / "chess-analytics"), "engine", "install")


def make_environment() -> None:
    """Create ``.venv``; Debian keeps the module for it in a package of its own."""
    if PYTHON.exists():
        return
    say("creating the environment .venv")
    try:
        venv.create(ENVIRONMENT, with_pip=True)
    except (subprocess.CalledProcessError, OSError):
        shutil.rmtree(ENVIRONMENT, ignore_errors=True)
        make_environment_otherwise()


def make_environment_otherwise() -> None:
    if shutil.which("uv"):
        run("uv", "venv", "--quiet", "--seed", "--python", sys.executable, str(ENVIRONMENT))
    elif shutil.which("apt-get") and os.geteuid() == 0:
        run("apt-get", "update", "--quiet=2")
        run("apt-get", "install", "--quiet=2", "--yes", "python3-venv")
        run(sys.executable, "-m", "venv", str(ENVIRONMENT))
    else:
        stop("this Python has no 'venv'. Install it (Debian, Ubuntu: python3-venv) or install uv.")


def install_packages(lock: Path) -> None:
    """Install exactly what the lock file names, each file checked against its hash."""
    stamp = ENVIRONMENT / f".installed-{lock.stem}"
    wanted = hashlib.sha256(lock.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say(f"installing the packages of {lock}")
    if shutil.which("uv"):
        run("uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes",
            "-r", str(lock))  # fmt: skip
    else:
        run(*pip("install", "--require-hashes", "-r", str(lock)))
    stamp.write_text(wanted)


def install_project() -> None:
    """Install the project itself, editable, unless it is."""
    stamp = ENVIRONMENT / ".installed-project"
    wanted = hashlib.sha256(f"{ROOT}{Path('pyproject.toml').read_text()}".encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    say("installing chess-analytics")
    if shutil.which("uv"):
        run("uv", "pip", "install", "--quiet", "--python", str(PYTHON), "--no-deps", "-e", ".")
    else:
        run(*pip("install", "--no-deps", "-e", "."))
    stamp.write_text(wanted)


def pip(*words: str) -> tuple[str, ...]:
    return (str(PYTHON), "-m", "pip", "--quiet", "--disable-pip-version-check", *words)


def run(*command: str) -> None:
    """Run a command whose own words tell what went wrong."""
    if (code := subprocess.run(command, check=False).returncode) != 0:
        stop(f"this failed with exit code {code}: {' '.join(command)}")


def say(text: str) -> None:
    print(f"set-up: {text}", file=sys.stderr, flush=True)


def stop(text: str) -> None:
    say(text)
    sys.exit(1)


if __name__ == "__main__":
    main()
