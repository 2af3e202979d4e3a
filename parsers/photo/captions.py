"""What does each photo show, in the sender's words? (照片内容概要) Notice 四（三）: 注明内容概要.

Senders write it into the file's name, the folder's name, a list beside the photos, the mail itself, or the
picture's own EXIF fields. A camera's file name is no caption.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from parsers.facts.leaf import Leaf
from parsers.photo.caption_names import caption_in_name, clean, is_empty, stem_of
from parsers.photo.caption_texts import captions_in, captions_of_files

_ABOUT_PHOTOS = re.compile(
    r"(?:附|附件|附录)?\s*[:：]?\s*(?:案例|支撑材料|相关)?(?:照片|图片)(?:的)?(?:内容)?(?:说明|概要|简介|清单|目录)|附图说明(?=[^\n]{0,200}照片)"
)
"""The head of the passage, usually a report's last page, from which a report speaks of the photos beside it."""


@dataclass(frozen=True, slots=True)
class Caption:
    """A caption and where it was found, in Chinese."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Note:
    """A text that may list captions. ``source`` says in Chinese what it is, e.g. ``文件“照片说明.docx”``."""

    source: str
    text: str
    is_report: bool = False
    """A report numbers its own figures: there ``图1`` says nothing about the photos beside it."""
    name: str = ""
    """The file's name, where the text is a file: one called as a photo is (照片1.txt beside 照片1.jpg) speaks of it."""


def find_captions(
    photos: Sequence[Leaf], notes: Sequence[Note] = (), embedded: Mapping[str, str] | None = None
) -> dict[str, Caption]:
    """Return the caption of each photo by its path; photos without one are left out.

    ``embedded`` are captions carried by the pictures themselves, by path. First the file's own name counts, then a
    list that names the file or its number, then the picture's own fields, then the folder.
    """
    found: dict[str, Caption] = {}
    for photo in photos:
        text = caption_in_name(photo.name)
        if text:
            found[photo.path] = Caption(text, "文件名")
    for note in notes:
        for path, text in _from_note(photos, note).items():
            found.setdefault(path, Caption(text, note.source))
    for photo in photos:
        text = clean((embedded or {}).get(photo.path, ""))
        if text and not is_empty(text):
            found.setdefault(photo.path, Caption(text, "图片自带的说明（EXIF）"))
    for photo in photos:
        text = _from_folder(photo, photos)
        if text:
            found.setdefault(photo.path, Caption(text, "文件夹名"))
    return found


def _from_folder(photo: Leaf, photos: Sequence[Leaf]) -> str:
    """Return the folder's name where it describes this one photo; a folder of several describes none of them."""
    folder = photo.path.rpartition("/")[0]
    if not folder or sum(other.path.rpartition("/")[0] == folder for other in photos) != 1:
        return ""
    name = folder.rpartition("/")[2]
    if re.search(r"\.(?:zip|rar|7z|eml|msg|tar|gz)$", name, re.IGNORECASE):
        return ""
    return caption_in_name(name)


def _from_note(photos: Sequence[Leaf], note: Note) -> dict[str, str]:
    named = {
        photo.path: caption
        for photo in photos
        if note.name and stem_of(photo.name).lower() == stem_of(note.name).lower()
        if (caption := clean(next((line for line in note.text.splitlines() if line.strip()), "")))
    }
    if not note.is_report:
        return captions_in(photos, note.text) | named
    return named | captions_of_files(photos, note.text) | captions_in(photos, _about_photos(note.text))


def _about_photos(report: str) -> str:
    """Return what a report says of the photos beside it: the passage under such a head, nothing where there is none."""
    heads = list(_ABOUT_PHOTOS.finditer(report))
    return report[heads[-1].start() :] if heads else ""
