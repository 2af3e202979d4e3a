"""The letters of a call (信函样本) as files: every letter has its folder with a subject and a body, and nothing stray.

Whether the wording itself can be rendered is for ``zhengji letters --check``, which knows what letters may say. Here go
the slips that would otherwise show only when the first letter of a kind is due: a folder or a file with a wrong name, a
missing one, a file in another encoding, a template whose brackets do not close, a block that nobody defined.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from rapidfuzz import process

from config.faults import Faults

FOLDER = "letters"
LETTERS = (
    "received",
    "received-checking",
    "deficient",
    "completed",
    "late",
    "unreadable",
    "cloud-link",
    "inquiry",
    "templates",
    "bundle",
    "contact",
    "withdrawn",
    "paper-received",
    "remind-open",
    "remind-deadline",
    "minimal",
)
"""The folders, one for each kind of letter; ``docs/letters.md`` says which is which."""

OF_LETTER = ("subject.txt", "body.j2")
BASE, OF_BASE = "_base", ("blocks.txt", "blocks.html", "page.txt", "page.html")
PARTS = "parts.j2"
"""A file that folders may have for what several letters share."""

_ENDINGS = (".txt", ".j2", ".html")
_OPENS, _CLOSES = ("{{", "{%", "{#"), ("}}", "%}", "#}")
_MACRO = re.compile(r"\{%-?\s*macro\s+(\w+)")
_CALLED = re.compile(r"\b(f|parts)\.(\w+)\s*\(")


def check_letters(folder: Path, faults: Faults) -> None:
    """See that the ``letters`` folder of a call holds what letters are made from, each file readable and whole.

    A call without the folder may be loaded, to read papers or to compare rules by it; ``letters --check`` refuses it.
    """
    if not folder.is_dir():
        return
    needed = {f"{BASE}/{name}" for name in OF_BASE} | {f"{letter}/{name}" for letter in LETTERS for name in OF_LETTER}
    held = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if _is_template(path)}
    for name in sorted(needed - held.keys()):
        faults.add(name, "缺少这个模板；请从 config/calls/ 中的样例复制一份再改措辞。")
    for name in sorted(held.keys() - needed - {f"{BASE}/{PARTS}"}):
        faults.add(name, f"没有这个名称的模板{_meant(name, needed)}")
    texts = {name: text for name, path in held.items() if (text := _read(name, path, faults)) is not None}
    for name, text in texts.items():
        _check_whole(name, text, faults)
    _check_blocks(texts, faults)


def _is_template(path: Path) -> bool:
    return path.is_file() and path.suffix in _ENDINGS and not path.name.startswith(".")


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


def _check_blocks(texts: dict[str, str], faults: Faults) -> None:
    """See that every block that a letter calls is defined, and in both forms."""
    blocks = {form: set(_MACRO.findall(texts.get(f"{BASE}/blocks.{form}", ""))) for form in ("txt", "html")}
    for form, other in (("txt", "html"), ("html", "txt")):
        for name in sorted(blocks[other] - blocks[form]):
            faults.add(f"{BASE}/blocks.{form}", f"缺少段落 {name}，blocks.{other} 中有；两份请写得一一对应。")
    defined = {"f": blocks["txt"] | blocks["html"], "parts": set(_MACRO.findall(texts.get(f"{BASE}/{PARTS}", "")))}
    for name, text in texts.items():
        for drawer, block in dict.fromkeys(_CALLED.findall(text)):
            if block not in defined[drawer]:
                hit = process.extractOne(block, tuple(defined[drawer]), score_cutoff=60)
                hint = f"；是否应为 {drawer}.{hit[0]}？" if hit else "；请改用已有的段落。"
                faults.add(name, f"没有段落 {drawer}.{block}{hint}")
