"""Identities made of content."""

from __future__ import annotations

import hashlib


def digest(*parts: str, size: int = 16) -> str:
    """Deterministic hex identity of some strings: BLAKE2b over the parts joined by NUL, `size` bytes long."""
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "surrogatepass"), digest_size=size).hexdigest()


def article_key(outlet: str, url_key: str) -> str:
    """Identity of an article: its outlet and the key of its canonical URL."""
    return digest("article", outlet, url_key, size=10)
