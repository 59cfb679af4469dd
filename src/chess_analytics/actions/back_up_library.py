"""Back up a library that is kept in a data folder: into a folder that can take its place."""

import shutil
from pathlib import Path

from chess_analytics.actions.spool_uploads import uploads_folder
from chess_analytics.store.backup import BackupFailed, copy_embedded

_OWNER_ONLY = 0o700


def back_up_library(data_dir: Path, target: Path) -> int:
    """Copy the database and the uploads that wait; give how many bytes the backup has.

    A server may be at work meanwhile. The folder appears under its name when it is whole.

    Raises:
        BackupFailed: see `store.backup`; or there is something of that name already.
    """
    if target.exists():
        raise BackupFailed(f"{target} is there already; name a folder that is not")
    part = target.with_name(f"{target.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    try:
        part.mkdir(mode=_OWNER_ONLY, parents=True)
        # An upload is removed when its import has ended: those that the copy of the database still
        # names were there before it was made, or came while we copied others.
        _copy_uploads(data_dir, part)
        copy_embedded(data_dir, part)
        _copy_uploads(data_dir, part)
        part.rename(target)
    except OSError as error:
        raise BackupFailed(f"the backup {target} could not be written: {error}") from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return sum(file.stat().st_size for file in target.rglob("*") if file.is_file())


def _copy_uploads(data_dir: Path, part: Path) -> None:
    """Copy the uploads that are not in the backup yet, or have grown."""
    uploads = uploads_folder(data_dir)
    if not uploads.is_dir():
        return
    into = uploads_folder(part)
    into.mkdir(mode=_OWNER_ONLY, exist_ok=True)
    for file in uploads.iterdir():
        copied = into / file.name
        try:
            if not copied.exists() or copied.stat().st_size != file.stat().st_size:
                shutil.copy2(file, copied)
        except FileNotFoundError:
            # Its import has ended meanwhile.
            continue
