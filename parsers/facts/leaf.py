"""One file found in a message, however deep (附件文件)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from parsers.facts.problem import Problem


class Role(StrEnum):
    """What a leaf was read as (文件角色)."""

    FORM = "form"
    """推荐表 (or the form of another call)."""
    REPORT = "report"
    """案例报告 (or the report of another call)."""
    PHOTO = "photo"
    """照片."""
    OTHER = "other"
    """A file that is none of the materials: kept and named in the letter (其他材料)."""
    NOISE = "noise"
    """Signature logos, tracking pixels, lock files, Thumbs.db: kept, never named to the sender (杂项)."""
    UNREADABLE = "unreadable"
    """Something we could not open: named in the letter with its cure (无法读取)."""


@dataclass(frozen=True, slots=True)
class Leaf:
    """A file as it was found, before anyone looked inside.

    ``path`` is the whole way to it inside the message, with ``/`` between the steps and every step as the
    sender named it (``申报材料.zip/推荐表.pdf``). ``name`` is the last step. ``type`` is the kind sniffed from
    the content (see ``parsers.containers.kinds``), ``declared`` the MIME type the sender's program wrote. ``size``
    is in bytes. The bytes themselves lie in the spool under ``sha256``.
    """

    path: str
    name: str
    size: int
    sha256: str
    type: str
    declared: str = ""
    inline: bool = False
    content_id: str = ""
    problems: tuple[Problem, ...] = ()
