"""What was read before (读取缓存): looks by content hash and reader version, in a folder, with the crops they name.

A scanned page costs seconds and gives the same every time: a retry, a resend by another mail and a replay of the
season read it from here. Anything that is wrong with the folder only means that the file is read again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from parsers.context import ReadContext
from parsers.facts import Look
from parsers.spool import FolderSpool, Spool
from parsers.version import READER_VERSION

_LOOK = TypeAdapter(Look)


def remembered(data: bytes, name: str, kind: str, spool: Spool, context: ReadContext, read: Callable[[], Look]) -> Look:
    """Return what is remembered of this content, else read it and remember that. Failures are never remembered."""
    if not context.remembers:
        return read()
    folder = Path(context.remembers)
    path = folder / f"{_key(data, name, kind, context)}.json"
    crops = FolderSpool(folder / "crops")
    look = _recall(path, crops, spool)
    if look is not None:
        return look
    look = read()
    if not any(problem.code.startswith("reader-") for problem in look.problems):
        _keep(path, look, crops, spool)
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
    asked = repr((context.call.form, context.call.report, context.call.photos, context.known_names, context.ocr))
    parts = (hashlib.sha256(data).hexdigest(), kind, name.rpartition(".")[2].lower(), READER_VERSION, asked)
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _recall(path: Path, crops: Spool, spool: Spool) -> Look | None:
    try:
        look = _LOOK.validate_json(path.read_bytes())
        for crop in crops_of(look):
            spool.put(crops.get(crop))
    except (OSError, KeyError, ValidationError):
        return None
    return look


def _keep(path: Path, look: Look, crops: Spool, spool: Spool) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        for crop in crops_of(look):
            crops.put(spool.get(crop))
        partial = path.with_suffix(f".{hashlib.sha256(str(id(look)).encode()).hexdigest()[:8]}")
        partial.write_bytes(_LOOK.dump_json(look))
        partial.replace(path)
    except (OSError, KeyError):
        return
