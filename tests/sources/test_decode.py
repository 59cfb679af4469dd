"""Bytes become lines of text, whatever their encoding."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chess_analytics.sources.decode import MAX_PIECE_BYTES, text_lines

NAMES = '[White "Müller, Jürgen"]\n[Black "Ćosić"]\n'


def lines(data: bytes) -> list[str]:
    return list(text_lines(io.BufferedReader(io.BytesIO(data))))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-16-le with mark"]
)
def test_every_form_of_unicode_is_recognised(encoding: str) -> None:
    mark = "\ufeff" if encoding.endswith("mark") else ""
    data = (mark + NAMES).encode(encoding.split(maxsplit=1)[0])
    assert "".join(lines(data)).lstrip("\ufeff") == NAMES


def test_old_files_are_read_as_windows_1252() -> None:
    assert lines('[White "Müller, “Jürgen”"]\n'.encode("cp1252")) == [
        '[White "Müller, “Jürgen”"]\n'
    ]
    assert lines(b"\x81\n") == ["\ufffd\n"]


def test_old_and_new_lines_may_be_mixed() -> None:
    assert lines("Jürgen\n".encode() + "Jürgen\n".encode("latin-1")) == ["Jürgen\n", "Jürgen\n"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_in_every_way(end: str) -> None:
    assert lines(f"a{end}{end}b{end}c".encode()) == ["a\n", "\n", "b\n", "c"]


def test_lines_that_cross_the_chunks_are_whole() -> None:
    text = "".join(f"{'é' * (number % 97)} {number}\r\n" for number in range(5000))
    assert "".join(lines(text.encode())) == text.replace("\r\n", "\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_endless_line_comes_in_pieces(encoding: str) -> None:
    pieces = lines(("e4 " * MAX_PIECE_BYTES).encode(encoding))
    assert len(pieces) >= 3
    assert all(len(piece) <= 2 * MAX_PIECE_BYTES for piece in pieces)
    assert "".join(pieces) == "e4 " * MAX_PIECE_BYTES


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_decoding_fail(data: bytes) -> None:
    for line in lines(data):
        line.encode()
        assert "\n" not in line[:-1]
        assert "\r" not in line


@given(st.text(st.characters(codec="utf-8", exclude_characters="\r\ufeff\0"), max_size=200))
def test_utf_8_comes_back_as_it_was_written(text: str) -> None:
    assert "".join(lines(("[ " + text).encode())) == "[ " + text
