"""The report's own title (报告题目), and the company names that stand near it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from parsers.report.headings import Row
from parsers.word.paragraph import Line, Place

_LABEL = re.compile(r"^(?:案例|报告|申报案例)?(?:名称|题目|标题)\s*[：:]\s*")
_NOT_TITLE = re.compile(
    r"^(?:附件\s*\d*[：:]?|目\s*录|案例报告|案\s*例|报\s*告|(?:浙江省)?专精特新(?:企业|中小企业)?发展优秀案例(?:申报)?(?:案例)?(?:报告)?|"
    r"(?:申报|推荐|编制|撰写|报送|填报)?(?:单位|企业|公司|部门|时间|日期|人|作者|联系人|电话)(?:（[^）]*）|名称)?\s*[：:].*|"
    r"\d{4}\s*年.*|二[〇○零]..年.*|[\d.\-/年月日\s]+|.{2,30}(?:有限公司|股份公司|集团公司))$"
)
_FIRM = re.compile(
    r"[\u4e00-\u9fffA-Za-z0-9（）()·]{2,40}?(?:股份有限公司|有限责任公司|有限公司|集团公司|集团|合作社|研究院|(?<!工)厂(?!房|区|家|商|长|矿))(?:（[\u4e00-\u9fff]{2,10}）)?"
)
_FIRM_START = re.compile(r"^.*?(?:是|为|由|以|和|与|及|在|[：:、，。；“”《》\s])(?=[\u4e00-\u9fff（(]{4,})")
_END_MARKS = "。；;，,"
_LONGEST = 70
_ROWS = 25


def find_title(rows: Sequence[Row], before: int) -> tuple[str, int]:
    """Return the title and the row after it, looking at most as far as the row ``before`` (the first heading)."""
    best: tuple[float, int, str] = (0.0, 0, "")
    size = max((row.line.size or 0.0 for row in rows[:_ROWS] if row.text), default=0.0)
    for number, row in enumerate(rows[: min(before, _ROWS)]):
        text = _LABEL.sub("", row.text).strip()
        if row.line.contents or not 2 <= len(text) <= _LONGEST or _NOT_TITLE.match(text):
            continue
        if text[-1] in _END_MARKS:
            break
        score = 1.0 + 2 * row.line.centred + (row.line.bold >= 0.8) + 3 * (_LABEL.match(row.text) is not None)
        score += 3 * (row.line.style.lower() in {"title", "标题"}) + 2 * (size > 0 and row.line.size == size)
        score += 0.5 * (len(text) >= 8) - 2 * text.startswith(("—", "-", "－", "（", "("))
        if score > best[0]:
            best = (score, number, text)
    if not best[0]:
        return "", _after_front(rows, before, 0)
    _, number, text = best
    end = number + 1
    while end < min(before, len(rows)) and _goes_on(rows[number], rows[end]):
        subtitle = rows[end].text
        end += 1
        if not _FIRM.fullmatch(subtitle.strip("—－- ")):
            text += subtitle
    return text[:100], _after_front(rows, before, end)


def _goes_on(first: Row, row: Row) -> bool:
    """Whether a line continues the title: the same look, or a subtitle after a dash."""
    text = row.text
    if not text or len(text) > _LONGEST or text[-1] in _END_MARKS:
        return False
    if text.startswith(("——", "--", "—", "－－")):
        return True
    same = row.line.size == first.line.size and (row.line.bold >= 0.8) == (first.line.bold >= 0.8)
    return (
        same and row.line.centred and first.line.centred and first.line.size is not None and not _NOT_TITLE.match(text)
    )


def _after_front(rows: Sequence[Row], before: int, start: int) -> int:
    """Skip lines of the cover and the table of contents."""
    place = start
    for number in range(start, min(before, len(rows))):
        row = rows[number]
        if row.line.contents or (row.text and len(row.text) <= _LONGEST and row.text[-1] not in "。；！？"):
            place = number + 1
        elif row.text:
            break
    return place


def find_names(lines: Sequence[Line], most: int = 6) -> tuple[str, ...]:
    """Return the company names on the title page and near the start, in order, each once."""
    found: dict[str, None] = {}
    length = 0
    for line in lines:
        if line.place is Place.HEADER or length > 3000 or len(found) >= most:
            continue
        length += len(line.text)
        for match in _FIRM.finditer(line.text[:1500]):
            name = _FIRM_START.sub("", match[0])
            if len(name) >= 6:
                found[name] = None
    return tuple(found)[:most]
