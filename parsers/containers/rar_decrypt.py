"""Encrypted RAR entries (加密的 rar 条目), opened by ourselves where the password is known.

unar of Debian 12 reports success for a wrong password when it writes to a pipe, so a password is proved here: by the
check value of RAR 5 where there is one, else by the check sum of what comes out. Written from the published format
descriptions (rarlab.com/technote.htm for RAR 5).
"""

from __future__ import annotations

import hashlib
import hmac
import struct
from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

_MOST_ROUNDS_LOG2 = 18
"""WinRAR writes 15; more rounds would only cost us time."""


@dataclass(frozen=True, slots=True)
class RarLock:
    """How an entry is encrypted. ``check`` is RAR 5's value that proves a password; empty where there is none."""

    version: int
    salt: bytes
    iv: bytes = b""
    rounds_log2: int = 18
    check: bytes = b""
    keyed_crc: bool = False
    """Whether the check sum in the header is mixed with the password."""

    @property
    def rounds(self) -> int:
        """How much work one password costs, counted in rounds of RAR 5."""
        return 1 << 19 if self.version == 4 else 3 << self.rounds_log2


def unlock(packed: bytes, lock: RarLock, password: str) -> bytes | None:
    """Return the packed content in the clear; None where the password is certainly wrong or cannot be tried."""
    if not packed or len(packed) % 16 or lock.rounds_log2 > _MOST_ROUNDS_LOG2:
        return None
    if lock.version == 4:
        key, iv = _key_4(password, lock.salt)
    else:
        key, _, check = _keys_5(password, lock.salt, lock.rounds_log2)
        if lock.check and lock.check != check:
            return None
        iv = lock.iv
    decryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).decryptor()
    return decryptor.update(packed) + decryptor.finalize()


def header_crc(crc: int, lock: RarLock, password: str) -> int:
    """Return the check sum as the header must carry it for content with this one."""
    if not lock.keyed_crc:
        return crc
    _, key, _ = _keys_5(password, lock.salt, lock.rounds_log2)
    digest = hmac.new(key, struct.pack("<I", crc), hashlib.sha256).digest()
    mixed = 0
    for word in struct.unpack("<8I", digest):
        mixed ^= word
    return mixed


@lru_cache(maxsize=8)
def _key_4(password: str, salt: bytes) -> tuple[bytes, bytes]:
    """Return key and start value of RAR 3 and 4: SHA-1 over password, salt and a counter, 262,144 times."""
    seed = password.encode("utf-16-le") + salt
    digest, start = hashlib.sha1(usedforsecurity=False), bytearray()
    for number in range(0x40000):
        digest.update(seed + number.to_bytes(3, "little"))
        if number % 0x4000 == 0:
            start.append(digest.digest()[19])
    words = struct.unpack(">4I", digest.digest()[:16])
    return struct.pack("<4I", *words), bytes(start)


@lru_cache(maxsize=8)
def _keys_5(password: str, salt: bytes, rounds_log2: int) -> tuple[bytes, bytes, bytes]:
    """Return the key for the content, the key for check sums, and the value that proves the password."""
    secret, rounds = password.encode("utf-8"), 1 << rounds_log2
    key, for_sums, proof = (hashlib.pbkdf2_hmac("sha256", secret, salt, rounds + more) for more in (0, 16, 32))
    folded = bytes(proof[at] ^ proof[at + 8] ^ proof[at + 16] ^ proof[at + 24] for at in range(8))
    return key, for_sums, folded


def without_padding(packed: bytes) -> bytes:
    """Return RAR 5's compressed blocks without what fills the last cipher block up: libarchive stumbles over it.

    A block begins with flags (low bits: size of the size; 0x40: the last one), a check byte and its size.
    """
    at = 0
    while at + 3 <= len(packed):
        flags = packed[at]
        width = (flags >> 3 & 3) + 1
        at += 2 + width + int.from_bytes(packed[at + 2 : at + 2 + width], "little")
        if flags & 0x40:
            return packed[:at]
    return packed
