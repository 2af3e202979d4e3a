"""What was read before (读取缓存): looks by content hash and reader version, in a folder, with the crops they name.

A scanned page costs seconds and gives the same every time: a retry, a resend by another mail and a replay of the
season read it from here. The known names grow with every applicant, and a look depends only on those that are like
a name on its pages: it is kept with these, and read anew where they are no longer the same. Anything that is wrong
with the folder only means that the file is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError
from rapidfuzz.distance import Levenshtein

from parsers.facts.context import ReadContext
from parsers.facts.looks import Look
from parsers.facts.spool import FolderSpool, Spool
from parsers.facts.version import READER_VERSION

_LIKE = 0.5
"""Share of equal letters from which a known name may have a say in how a name is read; corrections ask for 0.8."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """What lies in a file: the look, and the known names that were like the names on its pages."""

    like: tuple[str, ...]
    look: Look


_KEPT = TypeAdapter(_Kept)


def remembered(data: bytes, name: str, kind: str, spool: Spool, context: ReadContext, read: Callable[[], Look]) -> Look:
    """Return what is remembered of this content, else read it and remember that. Failures are never remembered."""
    if not context.remembers:
        return read()
    folder = Path(context.remembers)
    path = folder / f"{_key(data, name, kind, context)}.json"
    crops = FolderSpool(folder / "crops")
    look = _recall(path, crops, spool, context.known_names)
    if look is not None:
        return look
    look = read()
    if not any(problem.code.startswith("reader-") for problem in look.problems):
        _keep(path, _Kept(_like(look, context.known_names), look), crops, spool)
    return look


def crops_of(look: Look) -> Iterator[str]:
    """Name every picture that serves as evidence of a look."""
    if look.scan is None:
        return
    yield from (seal.crop for seal in look.scan.seals if seal.crop)
    if look.scan.seal_place:
        yield look.scan.seal_place
    form = look.scan.form
    if form is not None:
        fields = (form.case_title, form.applicant, form.recommender, form.submitted_on)
        yield from (field.crop for field in fields if field.crop)


def _key(data: bytes, name: str, kind: str, context: ReadContext) -> str:
    """Hash all that the result depends on: content, kind, extension, reader, and what the call asks to look for."""
    call = context.call
    asked = repr((call.issued, call.form, call.report, call.photos, context.ocr))
    parts = (hashlib.sha256(data).hexdigest(), kind, name.rpartition(".")[2].lower(), READER_VERSION, asked)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _like(look: Look, known: tuple[str, ...]) -> tuple[str, ...]:
    """Return the known names that are like a name on the pages, as it was read before any correction."""
    if look.scan is None:
        return ()
    form = look.scan.form
    read = [seal.raw or seal.text for seal in look.scan.seals]
    read += [field.raw or field.value for field in (form.applicant, form.recommender)] if form is not None else []
    return tuple(sorted({name for name in known if any(_alike(name, text) for text in read if text)}))


def _alike(name: str, text: str) -> bool:
    return Levenshtein.normalized_similarity(name, text, score_cutoff=_LIKE) > 0


def _recall(path: Path, crops: Spool, spool: Spool, known: tuple[str, ...]) -> Look | None:
    try:
        kept = _KEPT.validate_json(path.read_bytes())
        if kept.like != _like(kept.look, known):
            return None
        for crop in crops_of(kept.look):
            spool.put(crops.get(crop))
    except (OSError, KeyError, ValidationError):
        return None
    return kept.look


def _keep(path: Path, kept: _Kept, crops: Spool, spool: Spool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for crop in crops_of(kept.look):
            crops.put(spool.get(crop))
        partial = path.with_suffix(f".{hashlib.sha256(str(id(kept)).encode()).hexdigest()[:8]}")
        partial.write_bytes(_KEPT.dump_json(kept))
        partial.replace(path)
    except (OSError, KeyError):
        return
