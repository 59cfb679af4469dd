"""The keys that browsers and programs show to be recognised; only their hashes are kept."""

import hashlib

TOKEN_PREFIX = "cap_"  # noqa: S105 - how a token begins is no secret
"""Makes a token that went astray easy to find and to recognise."""


def key_hash(key: str) -> str:
    """Give what is kept of a key: 256 random bits need no slow hash."""
    return hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()
