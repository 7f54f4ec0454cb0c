"""BLAKE2b without :mod:`hashlib`, which loads OpenSSL and its settings: 3 ms of every start."""

from __future__ import annotations

try:
    from _blake2 import blake2b  # hashlib's own, where it lives in CPython
except ImportError:
    from hashlib import blake2b

__all__ = ["blake2b"]
