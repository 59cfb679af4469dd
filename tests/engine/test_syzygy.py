"""Syzygy tables: the engine gets them before it gets ready, or is not started at all."""

import os
import re
import sys
from pathlib import Path

import pytest

from chess_analytics.engine.evaluation import EngineError, SearchRequest
from chess_analytics.engine.syzygy import find_tables
from chess_analytics.engine.uci import UciEngine, UciSettings
from tests.engine.engines import is_running, real_command, scripted_command, start_position

_MIB = 1 << 20
_HASH_MB = 16


def _folder(path: Path, *names: str, size_bytes: int = 100) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name in names:
        (path / name).touch()
        # Only the size counts: nothing is written, however large it looks.
        os.truncate(path / name, size_bytes)
    return path


def _engine(path: str | None, behaviour: str = "has tables") -> UciEngine:
    settings = UciSettings(hash_mb=_HASH_MB, niceness=0, syzygy_path=path)
    return UciEngine(scripted_command(behaviour), settings)


def _both(one: Path, other: Path) -> str:
    return os.pathsep.join((str(one), str(other)))


def test_an_engine_knows_its_tables_before_it_gets_ready(tmp_path: Path) -> None:
    one = _folder(tmp_path / "3 and 4", "KQvK.rtbw", "KQvK.rtbz", "KRvK.rtbw")
    other = _folder(tmp_path / "5", "KQRvKR.rtbw", "readme.txt")
    with _engine(_both(one, other)) as engine:
        assert engine.search(start_position()).score.cp == 3


def test_without_tables_the_engine_is_told_of_none(tmp_path: Path) -> None:
    _folder(tmp_path, "KQvK.rtbw")
    with _engine(None) as engine:
        assert engine.search(start_position()).score.cp == 0
        assert [name for name, _ in engine.identity.options] == ["Threads", "Hash"]


def test_the_tables_are_part_of_what_the_engine_is(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "few", "KQvK.rtbw", "KQvK.rtbz")
    with _engine(str(folder)) as engine:
        few = engine.identity
    assert few.options[-2:] == (
        ("SyzygyPath", str(folder)),
        ("Syzygy tables", "2 files, 200 bytes"),
    )
    _folder(folder, "KRvK.rtbw")
    with _engine(str(folder)) as engine:
        assert engine.identity != few


def test_a_folder_is_named_from_where_we_are_not_from_where_the_engine_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path / "tables", "KQvK.rtbw")
    monkeypatch.chdir(tmp_path)
    with _engine("tables") as engine:
        assert ("SyzygyPath", str(folder)) in engine.identity.options
        assert engine.search(start_position()).score.cp == 1


def test_an_engine_without_the_option_is_refused_in_words(tmp_path: Path) -> None:
    folder = _folder(tmp_path, "KQvK.rtbw")
    with _engine(str(folder), "good") as engine:
        with pytest.raises(EngineError, match="Scripted 1 cannot read Syzygy tables"):
            engine.new_game()
        assert not is_running(engine.pid)


@pytest.mark.parametrize(
    ("named", "message"),
    [
        ("missing", "missing cannot be read: No such file or directory"),
        ("good:missing", "missing cannot be read"),
        ("empty", "empty holds no Syzygy tables"),
        ("good:empty", "empty holds no Syzygy tables"),
        ("far only", "far only holds no Syzygy tables"),
        ("good/KQvK.rtbw", "KQvK.rtbw cannot be read: Not a directory"),
        ("tablas ñ", "printable ASCII"),
        ("two  blanks", "single blanks"),
        ("good\nquit", "printable ASCII"),
        ("good\0", "printable ASCII"),
        (":", "No folder of Syzygy tables is named"),
    ],
)
def test_a_path_that_leads_nowhere_starts_no_engine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, named: str, message: str
) -> None:
    _folder(tmp_path / "empty", "KQvK.txt")
    _folder(tmp_path / "far only", "KQvK.rtbz")
    for name in ("good", "tablas ñ", "two  blanks"):
        _folder(tmp_path / name, "KQvK.rtbw")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(EngineError, match=re.escape(message)) as caught:
        _engine(named.replace(":", os.pathsep))
    assert "CHESS_ANALYTICS_SYZYGY_PATH" in str(caught.value)


def test_the_files_of_all_folders_are_counted_and_nothing_else(tmp_path: Path) -> None:
    one = _folder(tmp_path / "one", "KQvK.rtbw", "KQvK.rtbz", "notes.txt", size_bytes=1000)
    other = _folder(tmp_path / "other", "KQRvKR.rtbw", size_bytes=50)
    _folder(one / "deeper", "KNvK.rtbw", size_bytes=9)
    found = find_tables(f"{_both(one, other)}{os.pathsep}")
    assert (found.path, found.files, found.size_bytes) == (_both(one, other), 3, 2050)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the limits of a process")
def test_mapped_tables_do_not_use_up_the_addresses_of_the_engine(tmp_path: Path) -> None:
    tables_bytes = 3000 * _MIB
    folder = _folder(tmp_path, "KQRvKR.rtbw", size_bytes=tables_bytes)
    limits = []
    for path in (None, str(folder)):
        with _engine(path) as engine:
            engine.new_game()
            limits.append(_address_limit_bytes(engine.pid))
    assert limits[1] - limits[0] == tables_bytes


def _address_limit_bytes(pid: int) -> int:
    text = Path(f"/proc/{pid}/limits").read_text(encoding="utf-8")
    found = re.search(r"^Max address space +(\d+)", text, re.MULTILINE)
    assert found
    return int(found[1])


@pytest.mark.engine
@pytest.mark.parametrize(
    ("fen", "sign"),
    [
        ("8/8/8/3k4/8/8/8/KBN5 w - - 0 1", 1),
        ("8/8/8/3k4/8/8/8/KBN5 b - - 0 1", 1),
        ("8/8/8/3K4/8/8/8/kbn5 w - - 0 1", -1),
        # Two knights win nothing, however much they look like it.
        ("8/8/8/3k4/8/8/8/KNN5 w - - 0 1", 0),
    ],
)
def test_stockfish_knows_an_ending_of_its_tables(fen: str, sign: int) -> None:
    folder = os.environ.get("CHESS_ANALYTICS_TEST_SYZYGY")
    if not folder:
        pytest.skip("CHESS_ANALYTICS_TEST_SYZYGY names no folder of tables for up to four men")
    scores = []
    for path in (None, folder):
        settings = UciSettings(hash_mb=_HASH_MB, syzygy_path=path)
        with UciEngine(real_command(), settings) as engine:
            score = engine.search(SearchRequest(fen, (), 20_000)).score
            assert score.cp is not None
            scores.append(score.cp)
    without, with_tables = scores
    # A win that a search of so few nodes only hopes for is certain: no real advantage is so large.
    assert with_tables * sign >= (5_000 if sign else 0)
    assert bool(with_tables) == bool(sign)
    assert abs(without) < 1_000
