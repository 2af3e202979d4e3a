"""Passwords that a sender gives away in plain sight (明示的解压密码): in text, subject, a file's name or a note.

People write 密码是浙江2026, put it on the next line, in full width, in quotes, as 8个8, or correct themselves. What
they only describe (公司税号后六位) or promise (另行短信发送) is none, nor are codes of other things: of a share
(提取码), of a meeting, of an account. Measured on 149 ways of writing it (tests/parsers/containers/passwords.toml).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from parsers.containers.password_clues import joined_halves, reckoned

MOST_TRIED = 5
"""More guesses than these are not made. One word may be read in two ways, and a mail may name two archives."""

_TEXT = 100_000
_SPOTS = 200
_AHEAD = 200

_NARROW: dict[int, int | None] = {code: code - 0xFEE0 for code in range(0xFF10, 0xFF5F) if chr(code - 0xFEE0).isalnum()}
_NARROW |= {0xFEE0 + ord(mark): ord(mark) for mark in "@#$%&*+-=_./\\^~"}
_NARROW |= {0x3000: 0x20, 0xA0: 0x20, 0x200B: None, 0x200C: None, 0x200D: None, 0x2060: None, 0xFEFF: None}

_WORD = re.compile(
    r"(?:密 {0,2}[码碼]|口令|解压码|解密码|秘 ?[钥鑰]|密[钥匙]|暗号|解密(?=[:：])"
    r"|(?<![A-Za-z])(?:pass ?word|passwd|passcode|pwd|psw)(?![A-Za-z])|(?<![A-Za-z])pw(?![A-Za-z])"
    r"|(?<![A-Za-z0-9])(?:pass|mima|mm)(?= ?[:：=是为]))",
    re.IGNORECASE,
)
_OF_OTHERS = re.compile(
    r"(?:提取|访问|会议|入会|参会|登[录陆]|wi-?fi|无线|系统|平台|账[户号]|用户|查询|支付|取件|分享|开机|银行|交易"
    r"|网盘|链接) {0,2}(?:的 ?)?$"
    r"|(?:账[户号]|用户名?)[^\n，。；]{0,20}$|[加商]用?$|(?:财富|成长|成功|产业链)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"(?:学|产品|锁|箱|本(?![人])|认证|机|技术|保护|应用|算法|器|行业|安全|管理|评估)")
_NOTE = re.compile(r"[(（](?:注意)?[^()（）\n]{0,10}(?:大小写|大写|小写|字母|数字|空格|引号)[^()（）\n]{0,6}[)）]")
_LINK = re.compile(
    r"(?:[ \t]|都|均|统一|就|用|应该?|还|仍|也|现|设置?[了成]?|改|了|[:：=_]|—+|-+>|→|是|为(?!了)|如下"
    r"|见下(?:一?行|方|面)?|is\b|was\b)*+",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"[一二三四五六七八九十\d]{1,2}[个位](?:汉?字|数字?|字母|字符)[:：,，是为]{0,2}")
_QUOTED = (
    ("“", "”"), ("”", "”"), ('"', '"'), ("'", "'"), ("‘", "’"), ("「", "」"), ("『", "』"), ("【", "】"), ("《", "》"),
    ("(", ")"), ("（", "）"), ("[", "]"), ("［", "］"), ("<", ">"), ("〈", "〉"),
)  # fmt: skip
_ASCII = re.compile(r"[!-~]{1,64}")
_MIXED = re.compile(r"[!-~\u4e00-\u9fff]{1,40}")
_SPELLED = re.compile(r"[!-~](?: [!-~]){2,15}(?![!-~])")
_TIMES = re.compile(r"([一二两三四五六七八九十]|\d{1,2})个([!-~零〇一二三四五六七八九])(?![个位字])")
_RANGE = re.compile(r"(\d)[到至~-](\d)(?!\d)")
_FIGURES = "零一二三四五六七八九"
_CORRECTED = re.compile(
    r"(?:[，,。；;！!] ?|正确的?|实际|应该?|改|都|均|统一|而)(?:是|为|成)? ?[:：]? ?(?:“|\"|'|「)?([!-~]{3,64})"
)
_ANSWER = re.compile(r"[，,。；;！!] ?(?:而)?(?:应)?[是为] ?[:：]? ?([!-~]{2,64})")
_GOES_ON = re.compile(r"请|谢|麻烦|敬|望|烦|特|盼|以|注意|另|打开|解压|供|已|均|都|和|与|及|或|，|可|便|祝|此|。|；")
_DESCRIBED = re.compile(
    r"税号|手机|电话|号码|信用|代码|年份|日期|编号|[后前最][一二三四五六七八\d]{0,2}位|位数|上次|一样|相同|老密码|同上|名称|简称"
    r"|生日|第[一二]封|拼音|首字母|短信|微信|来电|电联|索取|邮件|信封|封面|告知|发[送您给至]|多少|什么|吗|呢|忘|错|不对|联系|问题|提供|设置"
)
_NONE_STARTS = re.compile(
    r"^(?:无|没|不|请|见|已|在|另|稍|发|随|同|详|如|电话|短信|错误|保护|登录|修改|忘|重置|的|吗|呢|跟|和|与|我|贵|咱|你|从|了|后|保|会"
    r"|可|要|需|统一|以|及|等|文件|是否|多|微信|压缩)"
)
_IN_TWO_SCRIPTS = re.compile(r"^[\u4e00-\u9fff]{1,8}[!-~]{2,16}$|^[!-~]{2,16}[\u4e00-\u9fff]{1,8}$")
_TALK = re.compile(r"公司|联系|经理|先生|女士|附件|推荐|案例|年\d{1,2}月|月\d{1,2}日|[，,。:：]")
_BELOW = re.compile(r"(?:见|在)?下(?:一行|面|方)?[↓：:]*(?=\n)|[↓]+(?=\n)")
_TRAILING = "。，、；！？,;:!?.”\"」』】》)）'’]>"
_RULE = re.compile(r"[-_=*~—.]{2,}")
_INPUT = re.compile(r"输入[:： ]{1,3}[“\"']?([!-~]{3,64})")


def find_passwords(texts: Iterable[str]) -> tuple[str, ...]:
    """Return the passwords named in these texts, the likeliest reading of each first. Never more than ``MOST_TRIED``.

    A text may be a subject with its mail below it, or a file's name with its content: a word alone on the line below
    密码 is one.
    """
    texts = tuple(texts)
    found = dict.fromkeys((*joined_halves(texts), *reckoned(text[:_TEXT] for text in texts)))
    for text in texts:
        for candidate in _candidates(text[:_TEXT].replace("\r", "")):
            if _may_be_one(candidate):
                found.setdefault(candidate)
            if len(found) >= MOST_TRIED:
                return tuple(found)
    return tuple(found)


def _may_be_one(candidate: str) -> bool:
    return bool(candidate.strip("*•●·-_—.")) and "://" not in candidate and len(candidate) <= 64


def _candidates(written: str) -> Iterator[str]:
    text = written.translate(_NARROW)
    end = 0
    for number, match in enumerate(_WORD.finditer(text)):
        if number >= _SPOTS:
            return
        if match.start() < end or _of_something_else(text, match):
            continue
        ahead = text[match.end() : match.end() + _AHEAD]
        yield from _told(ahead, english=match[0].isascii())
    if "解压" in text or "密码" in text:
        yield from (match[1].rstrip(_TRAILING) for match in _INPUT.finditer(text))


def _of_something_else(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 30) : match.start()]
    in_title = before.rfind("《") > before.rfind("》")
    return in_title or _OF_OTHERS.search(before) is not None or _ABOUT.match(text, match.end()) is not None


def _told(ahead: str, *, english: bool) -> Iterator[str]:
    """Yield what the words after 密码 may mean."""
    note = _NOTE.match(ahead)
    rest = ahead[note.end() :] if note else ahead
    link = _LINK.match(rest)
    joined = link[0] if link else ""
    rest = rest[len(joined) :]
    counted = _COUNTED.match(rest)
    rest = rest[counted.end() :] if counted else rest
    below = _BELOW.match(rest)
    rest = rest[below.end() :] if below else rest
    if not rest.strip():
        return
    if rest[0] == "\n":
        yield from _next_line(rest)
        return
    spoken = bool(joined.strip())
    if english and not spoken and not any(letter.isdigit() for letter in rest.split(maxsplit=1)[0][:20]):
        return
    yield from _here(rest.split("\n", 1)[0], spoken=spoken)


def _next_line(rest: str) -> Iterator[str]:
    lines = [line.strip() for line in rest.split("\n")[:8]]
    line = next((one for one in lines if one.strip("↓") and not _RULE.fullmatch(one)), "")
    derived = _derived(line)
    if derived:
        yield from derived
    elif _ASCII.fullmatch(line):
        yield from _trimmed(line)
    elif (quoted := _in_quotes(line)) is not None:
        yield quoted[0]
    elif _MIXED.fullmatch(line) and _IN_TWO_SCRIPTS.search(line) and not _is_talk(line):
        yield line


def _is_talk(line: str) -> bool:
    """Whether a line in two scripts says something, as 联系人张三138 does, and is no password."""
    return (
        any(pattern.search(line) for pattern in (_NONE_STARTS, _DESCRIBED, _TALK)) or _GOES_ON.match(line) is not None
    )


def _here(line: str, *, spoken: bool) -> Iterator[str]:
    """Yield the readings of a password that stands on the line of its word."""
    quoted = _in_quotes(line)
    if quoted is not None:
        inner, after = quoted
        meant = re.match(r"的[^\n。，]{0,12}? ?([!-~]{2,40})", after)
        if meant is not None:
            yield meant[1].rstrip(_TRAILING)
        if _NONE_STARTS.match(inner) is None and _DESCRIBED.search(inner) is None:
            yield inner
        return
    derived = _derived(line)
    if derived:
        yield from derived
        return
    if "含空格" in line and (match := re.match(r"[!-~]+(?: [!-~]+)+", re.split(r"[(（]", line)[0])) is not None:
        yield match[0]
        return
    if _ASCII.match(line):
        yield from _plain(line)
    elif "\u4e00" <= line[:1] <= "\u9fff":
        yield from _in_words(line, spoken=spoken)


def _in_quotes(line: str) -> tuple[str, str] | None:
    for opening, closing in _QUOTED:
        if line.startswith(opening):
            end = line.find(closing, 1)
            if 1 < end <= 42:
                return line[1:end].strip(), line[end + 1 :]
    return None


def _derived(line: str) -> tuple[str, ...]:
    """Return what 8个8, 1到6, 1 2 3 4 and 一二三四五六 mean, and the words themselves."""
    if (match := _TIMES.match(line)) is not None:
        times = int(match[1]) if match[1].isdigit() else "一二三四五六七八九十".find(match[1].replace("两", "二")) + 1
        figure = match[2].replace("〇", "零")
        figure = str(_FIGURES.index(figure)) if figure in _FIGURES else figure
        return (figure * min(times, 20), match[0])
    if (match := _RANGE.match(line)) is not None and match[1] < match[2] and not line[match.end() :][:1].isalnum():
        return ("".join(map(str, range(int(match[1]), int(match[2]) + 1))), match[0])
    if (match := _SPELLED.match(line)) is not None:
        return (match[0].replace(" ", ""), match[0])
    match = re.match(f"[{_FIGURES}〇]{{3,16}}(?![\u4e00-\u9fff])", line)
    if match is not None:
        figures = match[0].replace("〇", "零")
        return ("".join(str(_FIGURES.index(one)) for one in figures), match[0])
    return ()


def _plain(line: str) -> Iterator[str]:
    """Yield a password that begins with a letter, a figure or a sign."""
    ascii_only = _ASCII.match(line)
    mixed = _MIXED.match(line)
    assert ascii_only is not None
    assert mixed is not None
    token, whole = ascii_only[0], mixed[0]
    cut = re.search(r"[,;](?=[\u4e00-\u9fff]|$)|\((?=[\u4e00-\u9fff])", whole)
    if cut is not None:
        whole, token = whole[: cut.start()], token[: cut.start()]
    after = whole[len(token) :]
    if not token.strip("*•·"):
        yield from (match[1].rstrip(_TRAILING) for match in [_ANSWER.search(line)] if match)
        return
    if after and _GOES_ON.match(after) is None:
        yield whole.rstrip(_TRAILING)
    yield from _trimmed(token)
    if not after and line[len(token) : len(token) + 1] == "！":
        yield token + "!"


def _trimmed(token: str) -> Iterator[str]:
    """Yield a token without the marks that end a sentence, and as it stands where they may belong to it."""
    trimmed = token.rstrip(_TRAILING)
    if token.endswith(("!", "?", "#")) or (token.endswith(".") and "." in trimmed):
        yield token
    if trimmed:
        yield trimmed


def _in_words(line: str, *, spoken: bool) -> Iterator[str]:
    """Yield what a sentence that begins in Chinese gives: a password in words, one after a colon, or a correction."""
    mixed = _MIXED.match(line)
    words = (mixed[0] if mixed else "").rstrip(_TRAILING)
    if (after := re.match(r"[\u4e00-\u9fff]{1,16}[:：] ?(\S.*)", line)) is not None:
        yield from _here(after[1], spoken=True)
        return
    corrected = _CORRECTED.search(line) if re.search(r"[0-9A-Za-z]", line) else None
    if _NONE_STARTS.match(words) or _DESCRIBED.search(words):
        denied = line.startswith(("不是", "非"))
        chosen = _ANSWER.search(line) if denied else corrected
        told_elsewhere = re.match(r"请|见|已|另|在|跟|同|微信", words) is not None
        if chosen is not None and not told_elsewhere and not re.search(r"[吗？?]", line[: chosen.start()]):
            yield from _trimmed(chosen[1])
        return
    if spoken and 1 < len(words) <= 20:
        yield words
