"""tar archives and single files under gzip, bzip2 or xz (tar、gz、bz2、xz)."""

from __future__ import annotations

import bz2
import io
import lzma
import tarfile
import zlib
from collections.abc import Iterator

from parsers.containers import decompress
from parsers.containers.budget import Budget, OverBudget
from parsers.containers.entries import Entry, Unopened, damaged, entry_damaged, entry_link
from parsers.containers.entry_names import clean_step, decode_names, decode_one, is_clutter, steps_of

_CHUNK = 1 << 18


def read_tar(data: bytes, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield the files of a tar; raise ``Unopened`` at the end where it breaks off."""
    members: list[tarfile.TarInfo] = []
    whole = True
    try:
        with tarfile.open(fileobj=io.BytesIO(data), mode="r:", encoding="utf-8", errors="surrogateescape") as archive:
            for member in archive:
                members.append(member)
                if len(members) > budget.limits.entries * 4:
                    break
    except (tarfile.TarError, OSError, ValueError, OverflowError, EOFError, MemoryError, RecursionError):
        whole = False
    if not members:
        raise Unopened(damaged(where))
    names = decode_names([(_raw(member.name), False, b"") for member in members])
    budget.listed(len(members))
    for member, name in zip(members, names, strict=True):
        if member.isdir():
            budget.folder()
            continue
        steps, problems = steps_of(name, where)
        if is_clutter(steps):
            budget.clutter()
            continue
        budget.take_entry(where)
        entry = _member(data, member, steps, budget, f"{where}/{'/'.join(steps)}")
        whole = whole and not any(problem.code == "entry-damaged" for problem in entry.problems)
        yield Entry(entry.steps, entry.data, (*problems, *entry.problems))
    if not whole:
        raise Unopened(damaged(where))


def _raw(name: str) -> bytes:
    return name.encode("utf-8", "surrogateescape")


def _member(data: bytes, member: tarfile.TarInfo, steps: tuple[str, ...], budget: Budget, where: str) -> Entry:
    if not member.isreg():
        return Entry(steps, None, (entry_link(where),))
    meter = budget.meter(where)
    try:
        meter.expect(member.size)
        if member.sparse is not None:
            # Holes cost nothing in the archive and everything here; no program of applicants writes them.
            return Entry(steps, None, (entry_damaged(where),))
        content = data[member.offset_data : member.offset_data + member.size]
        meter.add(len(content))
    except OverBudget as over:
        if over.stops is not meter:
            raise
        return Entry(steps, None, (over.problem,))
    return Entry(steps, content, () if len(content) == member.size else (entry_damaged(where),))


def read_stream(data: bytes, kind: str, name: str, where: str, budget: Budget) -> Iterator[Entry]:
    """Yield the one file under ``gz``, ``bz2`` or ``xz``; its name is the archive's without the ending."""
    budget.listed(1)
    budget.take_entry(where)
    inner = (_gzip_name(data) if kind == "gz" else "") or _without_ending(name, kind)
    steps = (clean_step(inner.replace("\\", "/").rpartition("/")[2]) or "未命名文件",)
    meter = budget.meter(f"{where}/{steps[0]}")
    out = bytearray()
    whole = False
    try:
        for piece in _expand(data, kind):
            meter.add(len(piece))
            out += piece
        whole = True
    except OverBudget as over:
        if over.stops is not meter:
            raise
        yield Entry(steps, None, (over.problem,))
        return
    except (zlib.error, OSError, EOFError, lzma.LZMAError, ValueError, MemoryError):
        pass
    if not whole and not out:
        raise Unopened(damaged(where))
    yield Entry(steps, bytes(out), () if whole else (entry_damaged(meter.where),))


def _gzip_name(data: bytes) -> str:
    """Return the original name in a gzip header (RFC 1952, FNAME)."""
    if len(data) < 10 or not data[3] & 8:
        return ""
    at = 10
    if data[3] & 4:
        at += 2 + int.from_bytes(data[10:12], "little")
    return decode_one(data[at : at + 1024].split(b"\x00")[0])


def _without_ending(name: str, kind: str) -> str:
    stem, dot, ending = name.rpartition(".")
    if not dot:
        return name
    if ending.lower() in {"tgz", "tbz", "tbz2", "txz"}:
        return f"{stem}.tar"
    return stem if ending.lower() in {kind, "gzip", "bzip2"} else name


def _expand(data: bytes, kind: str) -> Iterator[bytes]:
    """Yield the content in pieces; several streams one after another count as one, as in the programs' own way."""
    view = memoryview(data)
    at = 0
    while at < len(view):
        decoder = _decoder(kind)
        while not decoder.done:
            feed = b""
            if decoder.wants_input:
                feed = bytes(view[at : at + _CHUNK])
                at += len(feed)
                if not feed:
                    raise EOFError
            yield decoder.feed(feed, _CHUNK * 4)
        at -= decoder.unused
        rest = bytes(view[at : at + 8])
        if not rest.strip(b"\x00") or not rest.startswith((b"\x1f\x8b", b"BZh", b"\xfd7zXZ")):
            return


def _decoder(kind: str) -> decompress.Whole:
    if kind == "gz":
        return decompress.Whole(zlib.decompressobj(31))
    return decompress.Whole(bz2.BZ2Decompressor() if kind == "bz2" else lzma.LZMADecompressor(memlimit=1 << 28))
