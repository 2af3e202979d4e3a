"""What any letter must hold to, looked at as its reader does: from its plain text alone, whoever wrote it and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

RESTS = re.compile(r"无需操作|不需要|无须操作")
ASKS = re.compile(r"补正方式：|【怎样补|请另行寄送纸质件|请回信|请补")
REQUEST = re.compile(r"请补正|请补发|请回信|请寄|请另行寄送|其余请寄送|提醒|尚有")
"""Words of a headline or a subject that want something."""

STALE = (
    "认作",
    "怎么办",
    "就是明天",
    "就是今天",
    "上次告知、现已解决",
    "还没有收到贵单位",
    "请转告。如",
    "按规定也不能",
)
"""Words that letters do not use any more."""

_LETTER = re.compile(r"^=== .*\n(?:致 .*\n)?(?=主题：)", re.MULTILINE)
_REGISTERED = re.compile(r"^ *(?:登记为：|已收到：.*，登记为)([^；，\n]+?)(?:，[\d.]+ \S+)?$", re.MULTILINE)
_LACKS = re.compile(r"^ *(?:\d+\. |· )(?:没有收到|未收到|尚未收到|缺少)([^，。\n]+)", re.MULTILINE)
_CITED = re.compile(r"（主题：.*?）(?=及附件|收悉)|^ *您的来信：.*?收\s*到$", re.MULTILINE | re.DOTALL)
"""What the letter quotes of the mail that it answers: words of its sender, not ours."""
_SECTION = re.compile(r"^【\d+\. ", re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """A letter as it lies in a golden file: its subject, its headline with the line below, and the rest."""

    subject: str
    headline: str
    body: str

    @property
    def text(self) -> str:
        return f"{self.headline}\n{self.body}"


def letters_in(path: Path) -> Iterator[Written]:
    """The letters of a golden file; digests and alarms, which are for staff, are left out."""
    for block in _LETTER.split(path.read_text("utf-8")):
        subject, _, rest = block.partition("\n")
        headline, _, body = rest.strip().partition("\n\n")
        if subject.startswith("主题：") and headline.startswith("■"):
            said = _CITED.sub("", body.partition("\n-----")[0])
            yield Written(subject.removeprefix("主题："), headline.replace("\n", ""), said)


def faults(letter: Written) -> list[str]:
    """Everything in the letter that its reader would stumble over."""
    return [
        *_headline(letter),
        *_received_and_lacking(letter),
        *_told_twice(letter),
        *_reminder(letter),
        *_words(letter),
    ]


def _headline(letter: Written) -> Iterator[str]:
    rests = [bool(RESTS.search(words)) for words in (letter.subject, letter.headline)]
    asks = bool(ASKS.search(letter.body))
    if rests[0] is not rests[1]:
        yield f"subject and headline disagree: {letter.subject} / {letter.headline}"
    if any(rests) and asks:
        yield f"nothing to do above, something to do below: {letter.headline}"
    wants = bool(REQUEST.search(letter.subject) or REQUEST.search(letter.headline))
    if wants and not asks and "已报送或不申报" not in letter.body and "已经报送或不申报" not in letter.body:
        yield f"something to do above, nothing below: {letter.headline}"
    if any(rests) and wants:
        yield f"both to do and not to do: {letter.subject} / {letter.headline}"
    if "请尽早发出" in letter.body and not wants:
        yield "hurries who has nothing to do"


def _received_and_lacking(letter: Written) -> Iterator[str]:
    for part in _SECTION.split(letter.body):
        here = {name.strip("“”") for name in _REGISTERED.findall(part)}
        for lacking in _LACKS.findall(part):
            both = [name for name in here if lacking.strip() == name]
            if both:
                yield f"both received and lacking: {both}"


def _told_twice(letter: Written) -> Iterator[str]:
    flat = letter.text.replace("\n", "")
    once = len(re.findall(r"材料待补正（上次已告知）|此前已告知", flat))
    each = flat.count("（上次已告知）") - flat.count("材料待补正（上次已告知）")
    if (once and each) or once > 1:
        yield "says twice that it was told before"


def _reminder(letter: Written) -> Iterator[str]:
    if "提醒】" not in letter.subject or "如贵单位尚未报送" in letter.body:
        return
    number = re.search(r"[A-Z]{2}\d{4}-\d{4}", letter.subject)
    flat = letter.body.replace("\n", "")
    firm = re.search(r"“([^”]+)”的申报", flat)
    if number is None or number.group(0) not in flat:
        yield "a reminder without its number in subject and text"
    if firm is None and "（单位全称待核）" not in flat:
        yield "a reminder that names no firm"
    elif firm is not None and firm.group(1)[:12] not in letter.subject:
        yield "a reminder whose subject names no firm"


def _words(letter: Written) -> Iterator[str]:
    yield from (f"an old word: {word}" for word in STALE if word in f"{letter.subject}\n{letter.text}")
