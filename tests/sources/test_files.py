"""Files, folders and standard input."""

import bz2
import gzip
import io
import os
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import zstandard

from chess_analytics.games.model import Broken, Game
from chess_analytics.sources.files import (
    InputNotReadable,
    ReadingProgress,
    SkippedFile,
    find_inputs,
    read_inputs,
    read_paths,
)
from tests.games.pgn_builders import outline

PGN = '[Event "a"]\n\n1. e4 e5 *\n\n[Event "b"]\n\n1. d4 *\n'
PGN_OUTLINE = ["game of 2", "game of 1"]


def write(folder: Path, name: str, data: str | bytes = PGN) -> str:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return str(path)


def test_a_file_is_read_under_the_name_that_the_user_gave(tmp_path: Path) -> None:
    name = write(tmp_path, "games.pgn")
    found = list(read_paths([name]))
    assert outline(found) == PGN_OUTLINE
    assert str(found[1].place) == f"{name}: game 2, line 5"


@pytest.mark.parametrize(
    "packed",
    [
        pytest.param(gzip.compress(PGN.encode()), id="gzip"),
        pytest.param(bz2.compress(PGN.encode()), id="bzip2"),
        pytest.param(zstandard.ZstdCompressor().compress(PGN.encode()), id="zstd"),
    ],
)
def test_packing_is_told_by_the_content_not_by_the_name(tmp_path: Path, packed: bytes) -> None:
    assert outline(list(read_paths([write(tmp_path, "games.pgn", packed)]))) == PGN_OUTLINE
    assert outline(list(read_paths([write(tmp_path, "games", packed)]))) == PGN_OUTLINE


def test_a_folder_is_searched_to_the_bottom_in_order(tmp_path: Path) -> None:
    names = [
        write(tmp_path, name) for name in ("a/2.PGN", "a/b/1.pgn.gz", "c.ndjson", "d.json.zst")
    ]
    write(tmp_path, ".hidden.pgn")
    write(tmp_path, ".git/x.pgn")
    odd = write(tmp_path, "a/notes.txt")
    empty = write(tmp_path, "z.pgn", "")
    inputs = find_inputs([str(tmp_path)])
    assert sorted(inputs.files) == sorted(names)
    assert list(inputs.files) == [names[2], names[3], names[0], names[1]]
    assert set(inputs.skipped) == {
        SkippedFile(odd, "its name does not end like that of a file with games"),
        SkippedFile(empty, "the file is empty"),
    }
    assert inputs.total_bytes == 4 * len(PGN)


def test_a_file_that_is_named_is_read_whatever_its_name(tmp_path: Path) -> None:
    assert outline(list(read_paths([write(tmp_path, "games.txt")]))) == PGN_OUTLINE


def test_a_file_that_is_named_twice_is_read_once(tmp_path: Path) -> None:
    name = write(tmp_path, "games.pgn")
    assert find_inputs([name, str(tmp_path), name]).files == (name,)


def test_a_missing_path_stops_before_anything_is_read(tmp_path: Path) -> None:
    good, missing = write(tmp_path, "games.pgn"), str(tmp_path / "gone.pgn")
    with pytest.raises(InputNotReadable, match=r"cannot open .*gone\.pgn: No such file"):
        read_paths([good, missing])


def test_a_folder_without_games_is_refused_with_what_to_do(tmp_path: Path) -> None:
    write(tmp_path, "notes.txt")
    with pytest.raises(InputNotReadable, match=r"holds no file of games.*\.pgn"):
        find_inputs([str(tmp_path)])


@pytest.mark.skipif(os.geteuid() == 0, reason="the superuser may read everything")
def test_a_file_that_may_not_be_read_is_refused(tmp_path: Path) -> None:
    name = write(tmp_path, "games.pgn")
    Path(name).chmod(0)
    with pytest.raises(InputNotReadable, match="you may not read it"):
        find_inputs([name])
    write(tmp_path, "other.pgn")
    assert [skipped.name for skipped in find_inputs([str(tmp_path)]).skipped] == [name]


def test_a_file_that_vanishes_meanwhile_does_not_stop_the_others(tmp_path: Path) -> None:
    names = [write(tmp_path, "a.pgn"), write(tmp_path, "b.pgn")]
    inputs = find_inputs(names)
    Path(names[0]).unlink()
    broken, *games = read_inputs(inputs)
    assert isinstance(broken, Broken)
    assert "No such file" in broken.reason
    assert outline(games) == PGN_OUTLINE


def test_a_pipe_in_a_folder_is_skipped_and_not_waited_for(tmp_path: Path) -> None:
    name, pipe = write(tmp_path, "a.pgn"), tmp_path / "f.pgn"
    os.mkfifo(pipe)
    inputs = find_inputs([str(tmp_path)])
    assert inputs.files == (name,)
    assert [skipped.name for skipped in inputs.skipped] == [str(pipe)]
    assert "not a regular file" in inputs.skipped[0].reason


@pytest.mark.parametrize("packed", [False, True])
def test_a_pipe_that_is_named_is_read(tmp_path: Path, *, packed: bool) -> None:
    pipe = tmp_path / "f.pgn"
    os.mkfifo(pipe)
    data = gzip.compress(PGN.encode()) if packed else PGN.encode()
    with ThreadPoolExecutor(1) as writer:
        writer.submit(pipe.write_bytes, data)
        assert outline(list(read_paths([str(pipe)]))) == PGN_OUTLINE


def test_a_zip_archive_in_a_pipe_is_refused_with_what_to_do(tmp_path: Path) -> None:
    pipe = tmp_path / "f"
    os.mkfifo(pipe)
    with ThreadPoolExecutor(1) as writer:
        writer.submit(pipe.write_bytes, b"PK\x03\x04 and more")
        (entry,) = read_paths([str(pipe)])
    assert isinstance(entry, Broken)
    assert "unpack it first" in entry.reason


def test_names_stay_as_they_were_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "in/a/1.pgn")
    write(tmp_path, "2.pgn")
    monkeypatch.chdir(tmp_path)
    sources = {entry.place.source for entry in read_paths(["in", "2.pgn"])}
    assert sources == {"in/a/1.pgn", "2.pgn"}


def test_a_standard_input_that_is_closed_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    closed = io.TextIOWrapper(io.BytesIO())
    closed.close()
    for stdin in (None, closed):
        monkeypatch.setattr(sys, "stdin", stdin)
        with pytest.raises(InputNotReadable, match="standard input is closed"):
            find_inputs(["-"])


def test_standard_input_is_read_under_a_dash(monkeypatch: pytest.MonkeyPatch) -> None:
    for data in (PGN.encode(), gzip.compress(PGN.encode())):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        inputs = find_inputs(["-"])
        assert inputs.total_bytes is None
        found = list(read_inputs(inputs))
        assert outline(found) == PGN_OUTLINE
        assert str(found[0].place) == "-: game 1, line 1"


def test_a_zip_archive_is_read_member_by_member(tmp_path: Path) -> None:
    path = tmp_path / "twic.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("one.pgn", PGN)
        archive.writestr("readme.txt", "1. e4 *")
        archive.writestr("two.pgn.gz", gzip.compress(PGN.encode()))
    progress = ReadingProgress()
    found = list(read_inputs(find_inputs([str(path)]), progress))
    assert outline(found) == PGN_OUTLINE * 2
    assert found[3].place.source == f"{path}/two.pgn.gz"
    assert found[3].place.number == 2
    reason = "its name does not end like that of a file with games"
    assert progress.skipped == [SkippedFile(f"{path}/readme.txt", reason)]


def test_archives_in_archives_are_read(tmp_path: Path) -> None:
    data = PGN.encode()
    for number in range(4):
        inner = io.BytesIO()
        with zipfile.ZipFile(inner, "w") as archive:
            archive.writestr(f"{number}.zip" if number else "games.pgn", data)
        data = inner.getvalue()
    name = write(tmp_path, "all.zip.gz", gzip.compress(data))
    found = list(read_paths([name]))
    assert outline(found) == PGN_OUTLINE
    assert found[0].place.source == f"{name}/3.zip/2.zip/1.zip/games.pgn"


def test_a_damaged_file_in_an_archive_costs_no_other(tmp_path: Path) -> None:
    path = tmp_path / "games.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.pgn.gz", gzip.compress(PGN.encode())[:-5])
        archive.writestr("two.pgn", PGN)
    found = list(read_paths([str(path)]))
    assert [str(entry.place) for entry in found if isinstance(entry, Broken)] == [
        f"{path}/one.pgn.gz: game 3"
    ]
    assert outline(found[-2:]) == PGN_OUTLINE
    assert found[-1].place.source == f"{path}/two.pgn"


def test_a_zip_archive_with_a_password_is_named(tmp_path: Path) -> None:
    path = tmp_path / "secret.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.pgn", PGN)
    # The flag that says so, in the list at the archive's end.
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    (entry,) = read_paths([str(path)])
    assert isinstance(entry, Broken)
    assert entry.place.source == f"{path}/one.pgn"
    assert entry.reason == "it needs a password: unpack it first"


def test_a_damaged_zip_archive_is_one_broken_entry(tmp_path: Path) -> None:
    found = list(read_paths([write(tmp_path, "x.zip", b"PK\x03\x04 and nothing more")]))
    assert len(found) == 1
    assert isinstance(found[0], Broken)


@pytest.mark.parametrize("packing", ["gzip", "zstd"])
def test_a_file_that_was_cut_off_gives_its_games_and_its_damage(
    tmp_path: Path, packing: str
) -> None:
    noise = "".join(f"{{{number * 7919}}}\n" for number in range(30_000))
    text = PGN + noise + '\n[Event "c"]\n\n1. c4 {' + noise
    pack = gzip.compress if packing == "gzip" else zstandard.ZstdCompressor().compress
    name = write(tmp_path, "games.pgn", pack(text.encode())[:-20_000])
    found = list(read_paths([name]))
    assert outline(found[:2]) == PGN_OUTLINE
    assert isinstance(found[-1], Broken)
    assert found[-1].reason == (
        "the file ends too early: it was cut off, or is still being written; "
        "the games before this point were read"
    )
    assert found[-1].place.number == len(found) == 3


def test_progress_counts_the_bytes_on_the_disk(tmp_path: Path) -> None:
    packed = gzip.compress((PGN * 500).encode())
    names = [write(tmp_path, "a.pgn.gz", packed), write(tmp_path, "b.pgn")]
    progress = ReadingProgress()
    inputs = find_inputs(names)
    sources = {progress.source for _ in read_inputs(inputs, progress)}
    assert sources == set(names)
    assert progress.read_bytes == inputs.total_bytes == len(packed) + len(PGN)
    assert progress.without_games == []


def test_a_file_without_games_is_named(tmp_path: Path) -> None:
    blank, empty = write(tmp_path, "blank.pgn", "\n\n"), write(tmp_path, "empty.pgn", "")
    inputs = find_inputs([blank, empty])
    progress = ReadingProgress()
    assert list(read_inputs(inputs, progress)) == []
    assert progress.without_games == [blank]
    assert inputs.skipped == (SkippedFile(empty, "the file is empty"),)


def test_games_are_numbered_anew_in_every_file(tmp_path: Path) -> None:
    names = [write(tmp_path, "a.pgn"), write(tmp_path, "b.pgn")]
    found = list(read_paths(names))
    assert [entry.place.number for entry in found] == [1, 2, 1, 2]
    assert all(isinstance(entry, Game) for entry in found)
