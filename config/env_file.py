"""The ``.env`` file, read strictly (设置文件): a line is taken as it is meant, or refused with its number.

What a lenient reader does with a slip (leave the line out, cut the value, replace ``${…}``) is another mode than the
one meant, in silence: letters went out against ``off``. So each line is ``NAME=value`` on its own, quoted or not.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?(?P<key>[A-Za-z_][A-Za-z0-9_.]*)[ \t]*=[ \t]*(?P<rest>.*)")
_LINE_ENDS = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"[ \t]+#.*")
_CURLY = "“”‘’「」＂＇"
_STRAIGHT = "请改用英文引号，或去掉引号"
_SHOW = 24
"""Letters of a faulty line that are shown; what stands behind the name never is, it may be a password."""


class BadLine(ValueError):  # noqa: N818 - says what the line is
    """A line that cannot be taken as it is meant; the message says why and how to mend it."""


def read_env_file(path: Path) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return what the file sets, and one Chinese sentence for each line that cannot be taken.

    ``OSError`` and ``UnicodeDecodeError`` where it cannot be read at all.
    """
    values: dict[str, str] = {}
    first: dict[str, int] = {}
    faults = []
    for number, line in enumerate(_LINE_ENDS.split(path.read_bytes().decode("utf-8-sig")), start=1):
        try:
            read = one_line(line)
        except BadLine as bad:
            faults.append(f"设置文件 {path} 第 {number} 行{bad}。")
            continue
        if read is None:
            continue
        key, value = read
        if key.upper() in first:
            faults.append(f"设置文件 {path} 第 {number} 行：{key} 在第 {first[key.upper()]} 行已经写过；请只留一行。")
            continue
        first[key.upper()] = number
        values[key] = value
    return values, tuple(faults)


def one_line(line: str) -> tuple[str, str] | None:
    """Return name and value of a line, None where it sets nothing; ``BadLine`` where it is not as it is meant."""
    bare = line.strip()
    if not bare or bare.startswith("#"):
        return None
    match = _LINE.fullmatch(bare)
    if match is None:
        raise BadLine(_why_no_setting(bare))
    return match["key"], _value(match["key"], match["rest"])


def _why_no_setting(line: str) -> str:
    name = re.split(r"[=＝:：\s]", line, maxsplit=1)[0][:_SHOW]
    shown = f"（{name}…）" if name.isprintable() and name else ""
    if "＝" in line or "：" in line.partition("=")[0]:
        return f"{shown}用了全角符号：应写成“名称=值”，等号用英文的 ="
    if "=" not in line:
        return f"{shown}不是“名称=值”：请补上英文等号；说明文字请以 # 开头"
    return f"{shown}的名称含有空格或其他符号：应写成“名称=值”，名称只用英文字母、数字和下划线"


def _value(key: str, rest: str) -> str:
    if rest[:1] in ("'", '"') and rest:
        value = _quoted(key, rest)
    else:
        value = "" if rest.startswith("#") else _COMMENT.sub("", rest).strip()
        if value[:1] in _CURLY and value:
            raise BadLine(f"：{key} 的值用了中文引号；{_STRAIGHT}")
        _refuse_reference(key, value)
    if any(unicodedata.category(letter) in {"Cc", "Cf", "Zl", "Zp"} for letter in value):
        raise BadLine(f"：{key} 的值里有看不见的字符（多半是粘贴带来的）；请删去重新输入")
    return value


def _quoted(key: str, rest: str) -> str:
    quote = rest[0]
    value, closed, behind = rest[1:].partition(quote)
    if quote == '"' and "\\" in value:
        raise BadLine(f"：{key} 的双引号里有反斜杠 \\，各程序读法不同；请改用单引号，按原样读取")
    if not closed:
        raise BadLine(f"：{key} 的引号没有合上（一个值只能写在一行里）；请补上 {quote}")
    if behind.strip() and not _COMMENT.fullmatch(behind):
        raise BadLine(f"：{key} 的引号后面还有文字；值里有引号时请换另一种引号包住，说明文字请在前面加空格和 #")
    if quote == '"':
        _refuse_reference(key, value)
    return value


def _refuse_reference(key: str, value: str) -> None:
    if "${" in value or "$(" in value:
        raise BadLine(f"：{key} 的值含有 ${{…}} 或 $(…)，本程序不作替换；若原样如此，请用单引号包住")
