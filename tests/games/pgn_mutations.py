"""Damage PGN texts at random, as bad disks, bad programs and bad hands do."""

import random

_SIGNS = '{}()[];%*"\\$!? \n\r\t.0123456789abcdefghNBRQKOx+#=-\0\ufeffé♘'
_SNIPPETS = [
    *["{", "}", "(", ")", "[", "]", ";", "{{", "}}", "\n", "\n\n", "\r", "\n%", '"]'],
    *[
        "1-0",
        "0-1",
        "1/2-1/2",
        "*",
        "1. ",
        "1...",
        "--",
        "Z0",
        "$1000",
        "{[%clk 0:0",
        "[%eval nan]",
    ],
    *[
        '[Event "',
        '[Event "a"',
        '\n[Event "x"]\n',
        '\n[Site "y"]\n',
        "\n\n[Even",
        '[FEN "8/8 w"]\n',
    ],
]


def mutated(text: str, rng: random.Random) -> str:
    """Damage a text in one to eight places."""
    for _ in range(rng.choice([1, 1, 1, 2, 3, 8])):
        text = _mutated_once(text, rng)
    return text


def _mutated_once(text: str, rng: random.Random) -> str:
    at = rng.randrange(len(text) + 1)
    length = rng.choice([1, 1, 2, 10, 100, 1000])
    elsewhere = rng.randrange(len(text) + 1)
    head, tail = text[:at], text[at:]
    kinds = [
        head + tail[length:],
        head + rng.choice(_SNIPPETS) + tail,
        head + rng.choice(_SIGNS) + tail[1:],
        head + "".join(rng.choices(_SIGNS, k=min(length, 10))) + tail,
        head + text[elsewhere : elsewhere + length] + tail,
        head,
        tail,
    ]
    return rng.choice(kinds)
