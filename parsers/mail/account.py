"""The account of a mail's raw bytes (字节账): headers, texts, files, separators, and what belongs to none of them.

The structure's scanner cuts a mail into spans; here the spans are added up against the whole. What no span holds, and
base64 that was read as words, is a problem: a file may lie there that nobody saw.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice

from parsers.facts.account import UNACCOUNTED_BYTES, ByteAccount
from parsers.facts.problem import Problem, Weight
from parsers.mail.structure import Node

_CODED_LINES = re.compile(r"(?:^[ \t>]{0,8}[A-Za-z0-9+/]{56,}={0,2}[ \t\r]*\n){10,}", re.MULTILINE)
_CODED_RUN = re.compile(r"[A-Za-z0-9+/]{1025,}={0,2}")
_UU_LINES = re.compile(r"(?:^M[ -`]{56,64}\r?\n){14,}", re.MULTILINE)
_KEY = re.compile(r"-----BEGIN [A-Z0-9 ]{0,30}(?:PUBLIC KEY|SIGNATURE|CERTIFICATE)[A-Z0-9 ]{0,20}-----")
_KEYS = 50
_KEY_LETTERS = 40_000
"""Keys and signatures are base64 that people do write into their mails; so many, and so long."""
_LONGEST = 4 << 20
_VARIED = 24
"""Base64 of a file has most of its 64 letters in a thousand; rules, hexadecimal and counted words do not."""


@dataclass(slots=True)
class Ledger:
    """What became of each leaf, booked while it is read."""

    texts: int = 0
    files: int = 0
    blank: int = 0
    told: int = 0
    loose: int = 0

    def leaf(self, node: Node, what: str, *, told: int = 0) -> None:
        """Book a leaf: a ``text``, a ``file``, or ``nothing``; ``told`` of its bytes were left unread and said so."""
        if node.inner or node.body != node.span[1]:
            return
        size = node.end - node.body
        told = min(told, size)
        self.told += told
        if what == "text":
            self.texts += size - told
        elif what == "file":
            self.files += size - told
        else:
            solid = min(len(node.raw[node.body : node.end].strip()), size - told)
            self.loose += solid
            self.blank += size - told - solid


def account_of(root: Node, ledger: Ledger, size: int) -> ByteAccount:
    """Add up a mail of ``size`` bytes. What no span holds is loose: the sum is right whatever the scanner missed."""
    headers = separators = words = unread = decoded = 0
    waiting = [root]
    while waiting:
        node = waiting.pop()
        start, body, end = node.span
        headers += body - start
        if node.body != body:
            # The encoding of the whole multipart was undone: its parts lie in other bytes.
            decoded += end - body
            continue
        separators += node.outside.separators
        words += node.outside.words
        unread += node.outside.unread
        waiting += node.children
    told = ledger.told + unread
    files = ledger.files + decoded
    booked = headers + ledger.texts + files + separators + ledger.blank + told + words + ledger.loose
    loose = words + ledger.loose + max(0, size - booked)
    return ByteAccount(size, headers, ledger.texts, files, separators + ledger.blank, told, loose)


def unaccounted(size: int) -> Problem:
    """Return the problem of bytes that belong to nothing we know."""
    return Problem(
        "bytes-unaccounted",
        f"邮件里有 {size} 字节不知属于什么，没有读入，里面可能有文件。",
        "",
        "请重新发送这封邮件，文件作为普通附件添加。",
        Weight.UNREADABLE,
    )


def coded_words(text: str) -> int:
    """Return how many letters of a text are base64 or uuencode that nobody undid."""
    if len(text) <= UNACCOUNTED_BYTES:
        return 0
    plain = _without_keys(text[:_LONGEST])
    runs = [match[0] for pattern in (_CODED_LINES, _CODED_RUN, _UU_LINES) for match in pattern.finditer(plain)]
    return max((len(run) for run in runs if len(set(run)) >= _VARIED), default=0)


def _without_keys(text: str) -> str:
    kept: list[str] = []
    position = 0
    for match in islice(_KEY.finditer(text), _KEYS):
        end = text.find("-----END", match.end(), match.end() + _KEY_LETTERS)
        if match.start() >= position and end >= 0:
            kept.append(text[position : match.start()])
            position = end
    return "".join((*kept, text[position:]))


def read_as_words(letters: int, where: str) -> Problem:
    """Return the problem of a file's encoding that was read as words."""
    return Problem(
        "base64-as-words",
        f"文字里有 {letters} 字节像是没有解开的附件编码，里面可能有文件。",
        where,
        "请把文件作为普通附件重新发送。",
        Weight.UNREADABLE,
    )
