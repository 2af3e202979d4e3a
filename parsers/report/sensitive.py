"""What should perhaps not be published (不宜公开的内容), masked: no value here shows a whole number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date

from parsers.facts.looks import Sensitive
from parsers.text.firm_words import LEGAL_FORMS
from parsers.word.paragraph import Line, Place, WordText

_ID_NUMBER = re.compile(r"(?<![0-9A-Za-z])\d{6}(?:19|20)\d{9}[0-9Xx](?![0-9A-Za-z])")
_MOBILE = re.compile(r"(?<![\d.\-])(?:(?:\+|00)?86[\- ]?)?1[3-9]\d([\- ]?)\d{4}\1\d{4}(?![\d.])")
_ACCOUNT = re.compile(r"(?<![\dA-Za-z])\d(?:[ \-]?\d){11,20}(?![\dA-Za-z])")
_ACCOUNT_WORDS = re.compile(r"账\s*[号户]|帐\s*[号户]|开户|银行卡|卡号|收款")
_CONTRACT = re.compile(
    r"合同\s*(?:编?号|书?编号|No\.?)\s*[：:为是]?\s*([A-Za-z0-9][A-Za-z0-9\-－—_/〔〕\[\]()（）]{3,40})"
)
_SECRET = re.compile(
    r"(?:绝密|机密|秘密)\s*[★☆]|^[【\[（(]?\s*(?:绝密|机密|秘密)\s*[】\]）)]?$|[【\[（(]\s*(?:绝密|机密|秘密|保密|内部)\s*[】\]）)]|"
    r"密级\s*[：:]\s*(?:绝密|机密|秘密)|内部(?:资料|文件|材料|使用|参考)|仅供内部|注意保密|严禁外传|不得外传|请勿外传|禁止外传|"
    r"(?i:confidential|internal use only)"
)
_CUSTOMERS = re.compile(r"客户(?:名单|名称|清单|列表|一览|明细)|(?:主要|重点|核心|典型|前[五十]大|大)客户")
_FIRM = re.compile(rf"[\w（）()·]{{2,30}}?(?:{'|'.join(LEGAL_FORMS)}|集团|研究院|研究所|厂)")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_MOST = 100


def find_sensitive(word: WordText) -> tuple[Sensitive, ...]:
    """Return what staff and applicant should look at before publication; at most 100 entries of each kind."""
    found: list[Sensitive] = []
    for line in word.lines:
        if len(found) >= 4 * _MOST:
            break
        found += _numbers(line.text)
        found += _marks(line)
    found += _customer_lists(word.lines)
    if word.tracked:
        found.append(Sensitive("tracked-changes", "修订痕迹", count=word.tracked))
    if word.comments:
        found.append(Sensitive("comments", "批注", count=word.comments))
    hidden = [line.hidden for line in word.lines if line.hidden.strip()]
    if hidden:
        found.append(Sensitive("hidden-text", f"隐藏文字共 {sum(map(len, hidden))} 字符", count=len(hidden)))
    found += _foreign(word)
    return tuple(found)


def mask(number: str) -> str:
    """Show the ends of a number and how long it is: ``138****5678``."""
    bare = re.sub(r"[ \-]", "", number)
    keep = 3 if len(bare) > 8 else 1
    tail = 4 if len(bare) > 10 else 1
    return bare[:keep] + "*" * (len(bare) - keep - tail) + bare[-tail:]


def is_id_number(text: str) -> bool:
    """Whether 18 characters are a 居民身份证 number: a date of birth and the check character (GB 11643-1999)."""
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _WEIGHTS, strict=True))
    return "10X98765432"[total % 11] == text[17].upper()


def _passes_luhn(digits: str) -> bool:
    total = 0
    for place, digit in enumerate(reversed(digits)):
        number = int(digit) * (2 if place % 2 else 1)
        total += number - 9 if number > 9 else number
    return total % 10 == 0


def _is_account(digits: str, before: str) -> bool:
    if _ACCOUNT_WORDS.search(before):
        return True
    return 16 <= len(digits) <= 19 and digits.startswith(("62", "4", "5")) and _passes_luhn(digits)


def _numbers(text: str) -> Iterable[Sensitive]:
    taken: list[tuple[int, int]] = []

    def report(kind: str, match: re.Match[str], shown: str) -> Sensitive:
        taken.append(match.span())
        return Sensitive(kind, mask(shown), _near(text, *match.span()))

    def free(match: re.Match[str]) -> bool:
        return not any(match.start() < end and start < match.end() for start, end in taken)

    rules: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        ("id-number", _ID_NUMBER, lambda match: is_id_number(match[0])),
        (
            "bank-account",
            _ACCOUNT,
            lambda match: _is_account(re.sub(r"[ \-]", "", match[0]), text[max(0, match.start() - 20) : match.start()]),
        ),
        ("mobile", _MOBILE, lambda _: True),
    )
    for kind, rule, holds in rules:
        for match in rule.finditer(text):
            if free(match) and holds(match):
                yield report(kind, match, match[0])
    for match in _CONTRACT.finditer(text):
        if any(character.isdigit() for character in match[1]):
            yield report("contract-number", match, match[1])


def _near(text: str, start: int, end: int) -> str:
    """Words around a place, with every long number in them masked."""
    around = text[max(0, start - 12) : start] + "□" + text[end : end + 8]
    return re.sub(r"\d{5,}", "*", around).strip()


def _marks(line: Line) -> Iterable[Sensitive]:
    text = line.text.strip()
    if match := _SECRET.search(text[:400]):
        whole = len(text) <= 30 or line.place is Place.HEADER
        if whole or match[0].strip("【】[]()（） ") not in {"保密", "内部"}:
            yield Sensitive("secret-mark", match[0].strip(), text[:30] if len(text) <= 60 else _context(text, match))


def _context(text: str, match: re.Match[str]) -> str:
    return re.sub(r"\d{5,}", "*", text[max(0, match.start() - 10) : match.end() + 10])


def _customer_lists(lines: Sequence[Line]) -> Iterable[Sensitive]:
    """Find lists or table columns of customers: a heading or header cell that says so, and three firms below it."""
    for place, line in enumerate(lines):
        text = line.text.strip()
        if not text or len(text) > 40 or not _CUSTOMERS.search(text):
            continue
        following = [other for other in lines[place + 1 : place + 41] if (other.cell is None) == (line.cell is None)]
        if line.cell is not None:
            following = [
                other
                for other in following
                if other.cell and other.cell.table == line.cell.table and other.cell.column == line.cell.column
            ]
        else:
            following = following[:12]
        firms = [other for other in following if len(other.text) <= 60 and _FIRM.search(other.text)]
        if len(firms) >= 3:
            yield Sensitive("customer-list", f"{text[:20]}（{len(firms)} 家）", firms[0].text.strip()[:20], len(firms))


_FACTORY_NAMES = (
    "微软",
    "Microsoft",
    "MICROSOFT",
    "SYSTEM",
    "Sky",
    "番茄",
    "雨林",
    "深度",
    "中国",
    "Lenovo",
    "HP",
    "WPS",
    "Kingsoft",
)


def _foreign(word: WordText) -> Iterable[Sensitive]:
    """Company names in the properties that the text never mentions: a template or an agency."""
    text = "".join(line.text for line in word.lines)
    squeezed = re.sub(r"[（）()\s]", "", text)
    for name in word.companies:
        bare = re.sub(r"[（）()\s]", "", name)
        if not re.search(r"公司|集团|厂|中心|工作室|事务所|研究院", bare) or any(
            mark in name for mark in _FACTORY_NAMES
        ):
            continue
        if bare not in squeezed:
            yield Sensitive("foreign-author", name[:40])
