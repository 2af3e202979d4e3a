"""The wording of letters (回信措辞) as files: what all calls share, and what one call words otherwise.

``config/letters`` holds every letter once: a folder for each kind with a subject and a body, and ``_base`` for what
they share. A call's own ``letters`` folder holds only files that differ, each in the place of the shared one of its
name; the few words that differ inside a sentence stand in ``[words]`` of its ``call.toml``, as ``words.office`` in a
template.

Whether the wording can be rendered is for ``zhengji letters --check``, which knows what letters may say. Here go the
slips that would otherwise show only when the first letter of a kind is due: a file with a wrong name, one in another
encoding, a template whose brackets do not close, a block or a word that nobody defined, a word that no template uses.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from pathlib import Path

from rapidfuzz import process

from config.build import nearest
from config.faults import Faults

FOLDER = "letters"
SHARED = Path(__file__).parent / FOLDER
OF_LETTER = ("subject.txt", "body.j2")
BASE, OF_BASE = "_base", ("blocks.txt", "blocks.html", "page.txt", "page.html")
PARTS = "parts.j2"
"""What several letters say, in ``_base``."""

_ENDINGS = (".txt", ".j2", ".html")
_OPENS, _CLOSES = ("{{", "{%", "{#"), ("}}", "%}", "#}")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
_CALLED = re.compile(r"\b(f|parts)\.(\w+)\s*\(")
_WORD = re.compile(r"\bwords\.(\w+)")


def templates(call_folder: Path) -> dict[str, Path]:
    """Return every template of a call by its name (``late/subject.txt``): the call's own file, else the shared one."""
    return _files(SHARED) | _files(call_folder / FOLDER)


def check_wording(call_folder: Path, words: Mapping[str, str], faults: Faults, wording: Faults) -> None:
    """See that what a call words itself can stand in the place of the shared wording, and that no word is wanting.

    ``faults`` takes what is wrong in ``call.toml``, ``wording`` what is wrong in the call's ``letters`` folder.
    """
    own, shared = _files(call_folder / FOLDER), _files(SHARED)
    for name in sorted(own.keys() - shared.keys()):
        wording.add(name, f"没有这个名称的模板{_meant(name, shared)}")
    texts = {name: path.read_text("utf-8") for name, path in shared.items()}
    for name, path in own.items():
        text = _read(name, path, wording)
        if text is not None:
            texts[name] = text
            _check_whole(name, text, wording)
    _check_blocks(texts, own, wording)
    _check_words(texts, words, faults)


def _files(folder: Path) -> dict[str, Path]:
    """Return the templates below a folder by their names."""
    found = {}
    for place, _, names in os.walk(folder):
        for name in names:
            if name.endswith(_ENDINGS) and not name.startswith("."):
                path = Path(place, name)
                found[path.relative_to(folder).as_posix()] = path
    return dict(sorted(found.items()))


def _meant(name: str, needed: Iterable[str]) -> str:
    hit = process.extractOne(name, tuple(needed), score_cutoff=70)
    return f"；是否应为 {hit[0]}？" if hit else "；请删去，或移到 letters 之外。"


def _read(name: str, path: Path, faults: Faults) -> str | None:
    try:
        return path.read_text("utf-8")
    except (UnicodeDecodeError, OSError) as error:
        faults.add(name, f"不是 UTF-8 文本（{type(error).__name__}）；请转换编码后保存。")
        return None


def _check_whole(name: str, text: str, faults: Faults) -> None:
    """See that a subject is one line, and that what a template opens it closes."""
    if name.endswith("/subject.txt") and "\n" in text.strip():
        faults.add(name, "主题只能有一行；请合成一行。")
    if name.endswith("/subject.txt") and not text.strip():
        faults.add(name, "主题是空的；请写上主题。")
    for opens, closes in zip(_OPENS, _CLOSES, strict=True):
        # More closings than openings may be a style sheet's or a dictionary's.
        if text.count(opens) > text.count(closes):
            faults.add(name, f"“{opens}”有 {text.count(opens)} 处，“{closes}”只有 {text.count(closes)} 处；请补上。")


def _check_blocks(texts: Mapping[str, str], own: Iterable[str], faults: Faults) -> None:
    """See that every block that a letter calls is defined, and in both forms."""
    blocks = {form: set(_MACRO.findall(texts.get(f"{BASE}/blocks.{form}", ""))) for form in ("txt", "html")}
    for form, other in (("txt", "html"), ("html", "txt")):
        for name in sorted(blocks[other] - blocks[form]):
            faults.add(f"{BASE}/blocks.{form}", f"缺少段落 {name}，blocks.{other} 中有；两份请写得一一对应。")
    defined = {"f": blocks["txt"] | blocks["html"], "parts": set(_MACRO.findall(texts.get(f"{BASE}/{PARTS}", "")))}
    theirs = frozenset(own)
    for name, text in texts.items():
        for drawer, block in dict.fromkeys(_CALLED.findall(text)):
            if block not in defined[drawer]:
                hit = process.extractOne(block, tuple(defined[drawer]), score_cutoff=60)
                hint = f"；是否应为 {drawer}.{hit[0]}？" if hit else "；请改用已有的段落。"
                whose = "" if name in theirs else "（共用的模板）"
                faults.add(name, f"没有段落 {drawer}.{block}{whose}{hint}")


def _check_words(texts: Mapping[str, str], words: Mapping[str, str], faults: Faults) -> None:
    """See that the call gives every word that its templates use, and none that they do not."""
    used = {word: name for name, text in texts.items() for word in _WORD.findall(text)}
    for word in sorted(used.keys() - words.keys()):
        faults.add(f"words.{word}", f"缺少这一项，回信模板 {used[word]} 要用；请补上（可以写空文字）。")
    for word in sorted(words.keys() - used.keys()):
        near = nearest(word, tuple(used))
        hint = f"是否应为 {near}？" if near else "请删去。"
        faults.add(f"words.{word}", f"没有回信模板用到这一项；{hint}")
