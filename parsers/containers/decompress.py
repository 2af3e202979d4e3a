"""Decompressors that hand out bytes in small pieces (分段解压), so that a bomb is noticed while it is still small."""

from __future__ import annotations

import bz2
import lzma
import zlib
from typing import Any, Protocol

import libarchive
from inflate64 import Inflater
from libarchive import ArchiveError

from parsers.containers.budget import Meter

# Deflate64 shows no limit on its output, so it is fed this little; 1 KiB can become 1 MB at most.
_SMALL_FEED = 1024


class UnknownMethod(Exception):  # noqa: N818 - what a sender sent; never leaves the parsers
    """None of our readers knows how this was packed."""


class WrongPassword(Exception):  # noqa: N818 - what a sender sent; never leaves the parsers
    """The password did not open it."""


class Source(Protocol):
    """A decompressor that gives a bounded piece at a time."""

    def feed(self, data: bytes, most: int) -> bytes:
        """Take new input and return about ``most`` bytes of output at most."""

    @property
    def wants_input(self) -> bool:
        """Whether new input is needed before there can be more output."""

    @property
    def done(self) -> bool:
        """Whether the end of the stream was seen, so that no more may be fed."""

    @property
    def complete(self) -> bool:
        """Whether, once all input was fed, nothing of the stream is missing."""


class Deflate:
    """Deflate without a header (RFC 1951)."""

    def __init__(self) -> None:
        self._inner = zlib.decompressobj(-15)

    def feed(self, data: bytes, most: int) -> bytes:
        """Return at most ``most`` bytes."""
        return self._inner.decompress(self._inner.unconsumed_tail + data, most)

    @property
    def wants_input(self) -> bool:
        """Whether all input was taken."""
        return not self._inner.unconsumed_tail

    @property
    def done(self) -> bool:
        """Whether the last block ended."""
        return self._inner.eof

    @property
    def complete(self) -> bool:
        """Whether the last block ended."""
        return self._inner.eof


class Deflate64:
    """Deflate64, which Windows Explorer uses for files over 2 GB and some older programs for all."""

    def __init__(self) -> None:
        self._inner = Inflater()
        self._waiting = b""

    def feed(self, data: bytes, most: int) -> bytes:  # noqa: ARG002 - this decompressor knows no limit
        """Return what the next few input bytes give; ``most`` cannot be held to exactly."""
        self._waiting += data
        now, self._waiting = self._waiting[:_SMALL_FEED], self._waiting[_SMALL_FEED:]
        return bytes(self._inner.inflate(now))

    @property
    def wants_input(self) -> bool:
        """Whether all input was taken."""
        return not self._waiting

    @property
    def done(self) -> bool:
        """Whether the last block ended."""
        return bool(self._inner.eof)

    @property
    def complete(self) -> bool:
        """Whether the last block ended."""
        return bool(self._inner.eof)


class Standard:
    """The standard library's bzip2 and LZMA decompressors.

    ``ends_with_input``: the format of zip's method 14 may leave the end mark out.
    """

    def __init__(self, inner: bz2.BZ2Decompressor | lzma.LZMADecompressor, *, ends_with_input: bool = False) -> None:
        self._inner = inner
        self._ends_with_input = ends_with_input

    def feed(self, data: bytes, most: int) -> bytes:
        """Return at most ``most`` bytes."""
        return self._inner.decompress(data, most)

    @property
    def wants_input(self) -> bool:
        """Whether all input was taken."""
        return self._inner.needs_input

    @property
    def done(self) -> bool:
        """Whether the end mark was seen."""
        return self._inner.eof

    @property
    def complete(self) -> bool:
        """Whether nothing is missing: some makers leave the end mark out."""
        return self._inner.eof or self._ends_with_input


def read_lonely_zip(archive: bytes, password: bytes | None, meter: Meter) -> bytes:
    """Return the one file in a zip by libarchive, which knows AES, ZipCrypto, Zstandard, xz and PPMd."""
    out = bytearray()
    try:
        with libarchive.memory_reader(archive, "zip", "none", passphrase=password) as opened:
            for entry in opened:
                for block in entry.get_blocks():
                    meter.add(len(block))
                    out += block
                break
    except ArchiveError as error:
        said = str(error).lower()
        if "passphrase" in said or "password" in said:
            raise WrongPassword from error
        if password is not None:
            # A password that fits ZipCrypto's one-byte check by chance produces garbage that cannot be unpacked.
            raise WrongPassword from error
        raise UnknownMethod from error
    return bytes(out)


class Whole:
    """A gzip, bzip2 or xz stream with its own header and check sum."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._is_zlib = hasattr(inner, "unconsumed_tail")

    def feed(self, data: bytes, most: int) -> bytes:
        """Return at most ``most`` bytes."""
        waiting = self._inner.unconsumed_tail if self._is_zlib else b""
        return bytes(self._inner.decompress(waiting + data, most))

    @property
    def wants_input(self) -> bool:
        """Whether all input was taken."""
        return not self._inner.unconsumed_tail if self._is_zlib else bool(self._inner.needs_input)

    @property
    def done(self) -> bool:
        """Whether the stream's end was seen."""
        return bool(self._inner.eof)

    @property
    def unused(self) -> int:
        """How many bytes of the last input belong to what follows."""
        return len(self._inner.unused_data)
