"""Links that stand where attachments should be (云附件): who keeps the file, until when, under which 提取码.

Nothing is ever fetched. The shapes are those that the providers' programs write into mails (observed 2020-2026).
"""

from __future__ import annotations

import html as entities
import re
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from parsers.facts.mails import CloudLink
from parsers.mail.link_providers import provider_of
from parsers.mail.unknown_links import UNKNOWN, is_file, is_void, may_be_the_mail

LINKS = 100
"""File links beyond this number are not listed."""
TEXT_CHARACTERS = 2_000_000

_CHINA = timezone(timedelta(hours=8))

_URL = re.compile(
    r"(?:(?:https?|ftp)://|(?<![A-Za-z0-9@/.])(?=(?:pan\.baidu\.com|pan\.quark\.cn|www\.alipan\.com|cloud\.189\.cn"
    r"|share\.weiyun\.com|(?:\d{1,3}\.){3}\d{1,3}(?::\d{1,5})?)/))"
    r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%|{}-]{4,2000}"
    # Chinese folders and file names, as address bars show them: only where a slash or an ending closes them.
    r"(?:(?<=/)(?:[\u4e00-\u9fff\w（）()-]{1,60}(?:/|\.(?:zip|rar|7z|pdf|docx?)))+(?:\?[A-Za-z0-9._~=&%-]{1,1000})?)?",
    re.IGNORECASE,
)
_SOFT = re.compile(r"(https?://[^\s=]{8,200})=\n(?=[A-Za-z0-9])")
NO_ADDRESS = "（来信未写网址）"
"""Stands for the address where the mail only says that the files lie in a drive."""
_PLACE = re.compile(
    r"(?:材料|文件|附件|照片|报告)[^\n。；]{0,10}(?:已|放|存|传|上传|共享|分享)[^\n。；]{0,8}?((?:百度|夸克|阿里|天翼|移动|公司|企业)?"
    r"(?:网盘|云盘|微盘|钉盘|微云|共享盘))[^\n]{0,40}(?:下载|提取|查收|链接)"
    r"|#小程序://[^\s，。]{1,60}"
    r"|扫[描码][^\n。]{0,8}二维码[^\n。]{0,6}(?:提取|下载)[^\n。]{0,6}(?:材料|文件|附件)"
)
_SHOWN = "\u2063"
"""Stands in our own copy of HTML between a link's address and the words that are shown for it."""
_CLOSING_MARKS = ".,;:!?'\"|*~"
_ANCHOR = re.compile(
    r"<a\b[^<>]{0,3000}?\bhref\s{0,3}=\s{0,3}[\"']?([^\"'\s<>]{4,2000})[\"']?[^<>]{0,3000}>", re.IGNORECASE
)
_INVISIBLE = re.compile(
    r"<(script|style|head|title)\b[^>]{0,2000}>.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)", re.IGNORECASE | re.DOTALL
)
_BREAKING = re.compile(r"<(?:br|/p|/div|/tr|/li|/table|/h[1-6])\b[^<>]{0,200}>", re.IGNORECASE)
_TAG = re.compile(r"<[A-Za-z/!][^<>]{0,5000}>")
_CODE = re.compile(
    r"(?:提取码|访问码|提取密码|访问密码|分享密码|取件码|密码|口令|pwd|code)\s{0,3}(?:是"
    r"|为)?\s{0,3}[:：=]?\s{0,3}([A-Za-z0-9]{3,16})(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_CODE_IN_URL = re.compile(r"[?&#](?:pwd|password|code|passcode)=([A-Za-z0-9]{3,8})(?![A-Za-z0-9])", re.IGNORECASE)
_DATE = (
    r"(20\d\d)\s{0,2}[年/.-]\s{0,2}(\d{1,2})\s{0,2}[月/.-]\s{0,2}(\d{1,2})\s{0,2}日?"
    r"(?:\s{0,3}(?:T|上午|下午)?\s{0,3}(\d{1,2})[:：时](\d{1,2})(?:[:：分]\d{1,2})?)?"
)
_EXPIRES = (
    re.compile(_DATE + r"\s{0,3}分?\s{0,3}(?:之?前有效|到期|过期|失效|截止|前下载)"),
    re.compile(
        r"(?:有效期|到期时间|过期时间|失效时间|截止时间|有效时间|到期日|将于|有效至|文件保存)\s{0,3}(?:至|到"
        r"|为)?\s{0,3}[:：]?\s{0,3}" + _DATE
    ),
    re.compile(r"(?:expires?|valid until)(?:\s+(?:on|at))?\s{0,3}[:：]?\s{0,3}" + _DATE, re.IGNORECASE),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ENGLISH = re.compile(
    r"(?:expires?|valid until)(?:\s+(?:on|at))?\s{0,3}[:：]?\s{0,3}(?:(\d{1,2})\s{1,3}([A-Za-z]{3})[a-z]{0,6}"
    r"|([A-Za-z]{3})[a-z]{0,6}\s{1,3}(\d{1,2})(?:st|nd|rd|th)?),?\s{1,3}(20\d\d)",
    re.IGNORECASE,
)
_DAYS = re.compile(
    r"(?:有效期|有效时间|保存期|保存|有效|剩余|分享)[^\n\d]{0,8}?(\d{1,3})\s{0,2}(?:个)?(天|日|小时)"
    r"|(\d{1,3})\s{0,2}(天|日|小时)\s{0,2}(?:内有效|后到期|后过期|有效|内下载|后失效)"
)
_ENDINGS = (
    "zip|rar|7z|tar|gz|tgz|pdf|docx?|xlsx?|pptx?|wps|et|ofd|jpe?g|png|heic|tiff?|bmp|gif"
    "|mp4|mov|avi|mp3|psd|ai|cdr|txt|eml|rtf|csv"
)
_FILE = re.compile(
    r"([^\s\\/:*?\"<>|：；;，,。、「」《》\[\]】][^\\/:*?\"<>|：；;，\n\t「」《》]{0,150}?\.(?:"
    + _ENDINGS
    + r"))(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_SHARED = re.compile(
    r"(?:(?:分享的文件|分享了|分享文件)\s{0,3}[:：]?|(?:文件名称?"
    r"|文件)\s{0,3}[:：])\s{0,2}[「“\"《]?([^\n「」“”\"《》:：]{1,120}?)[」”\"》]?(?=\s*(?:等|$|\n|链接|，|,|点击))"
    r"|「([^」\n]{1,120})」"
)


def find_links(text: str, html: str, received: datetime | None) -> tuple[CloudLink, ...]:
    """Return the links to files in a mail's text and HTML, each once, in order. Never raises, never fetches.

    ``received`` is the moment the server received the mail: periods (有效期 7 天) count from there; without it they
    give no date. Promotion links of the providers' programs are no files and are left out.
    """
    found: dict[str, CloudLink] = {}
    for source in (_SOFT.sub(r"\1", text[:TEXT_CHARACTERS]), _with_visible_links(html[:TEXT_CHARACTERS])):
        spots = _spots(source)
        for number, (start, end, url, provider) in enumerate(spots):
            before = _plain(source[(spots[number - 1][1] if number else 0) : start][-500:])
            after = _plain(source[end : (spots[number + 1][0] if number + 1 < len(spots) else len(source))][:500])
            link = CloudLink(
                url, provider, _name(before, after), _code(url, before, after), _expiry(before, after, received)
            )
            known = found.get(_key(url))
            found[_key(url)] = link if known is None else _merged(known, link)
            if len(found) >= LINKS:
                return tuple(found.values())
    return tuple(found.values())


def shortcut_links(text: str) -> tuple[CloudLink, ...]:
    """Return where a shortcut file (``.url``, ``.webloc``) leads: whoever sends one sends it instead of a file."""
    known = find_links(text, "", None)
    urls = dict.fromkeys(_read(match[0])[0] for match in _URL.finditer(text[:20_000]))
    others = tuple(CloudLink(url, UNKNOWN) for url in urls if "apple.com/DTDs" not in url)
    return known or others[:1]


def main_link(words: str) -> CloudLink | None:
    """Return the link that a mail is about, where it says hardly anything else."""
    urls = list(dict.fromkeys(_read(match[0])[0] for match in _URL.finditer(words[:20_000])))
    if not 1 <= len(urls) <= 3:
        return None
    said = _URL.sub("", words)
    chosen = next((url for url in urls if may_be_the_mail(url, said)), None)
    return None if chosen is None else CloudLink(chosen, provider_of(chosen) or UNKNOWN, "", _code(chosen, "", said))


def told_without_address(words: str) -> CloudLink | None:
    """Return a share of which the mail tells only the place (已上传百度网盘，请下载): something lies there."""
    match = _PLACE.search(words[:4000])
    return None if match is None else CloudLink(NO_ADDRESS, match[1] or "网盘")


def _merged(one: CloudLink, other: CloudLink) -> CloudLink:
    """Join what text and HTML say of one link: what one says, the other may leave out."""
    return CloudLink(
        one.url, one.provider, one.name or other.name, one.code or other.code, one.expires or other.expires
    )


def _key(url: str) -> str:
    return re.sub(r"^https?://", "", url).rstrip("/").lower() if len(url) < 60 else re.sub(r"^https?://", "", url)


def _with_visible_links(source: str) -> str:
    """HTML as text in which every link's address stands before its words, so that both can be read together."""
    if not source:
        return ""
    plain = _INVISIBLE.sub(" ", source)
    plain = re.sub(r"\s+", " ", plain)
    plain = _ANCHOR.sub(lambda match: f" {match[1]} {_SHOWN}", plain)
    plain = _TAG.sub(" ", _BREAKING.sub("\n", plain))
    return entities.unescape(plain).replace("\xa0", " ")


def _spots(source: str) -> list[tuple[int, int, str, str]]:
    """Return ``(start, end, url, provider)`` of every file link in the source; each link's repetitions are merged."""
    spots: list[tuple[int, int, str, str]] = []
    for match in _URL.finditer(source):
        url, provider = _read(match[0])
        before, after = source[max(0, match.start() - 80) : match.start()], source[match.end() : match.end() + 80]
        if provider is None and is_file(url, _plain(before), _plain(after), _anchor(after)):
            provider = UNKNOWN
        if provider is None or is_void(_plain(before), _plain(after)):
            continue
        if spots and _key(spots[-1][2]) == _key(url) and match.start() - spots[-1][1] < 200:
            spots[-1] = (spots[-1][0], spots[-1][1], url, provider)
            continue
        spots.append((match.start(), match.start() + len(match[0]), url, provider))
        if len(spots) >= LINKS * 4:
            break
    return spots


def _read(written: str) -> tuple[str, str | None]:
    """Return a link as it is meant, and its provider where that is one we know."""
    url = _trimmed(entities.unescape(written))
    if not url.lower().startswith(("http", "ftp")):
        url = ("http://" if url[:1].isdigit() else "https://") + url
    provider = provider_of(url)
    if provider is None and "%3a%2f%2f" in url.lower():
        # Webmail wraps links into a warning page of its own; the link itself is a parameter.
        inner = re.search(r"https?://[^\s&]{4,2000}", unquote(url)[8:])
        if inner is not None:
            url, provider = _trimmed(inner[0]), provider_of(inner[0])
    return url, provider


def _anchor(after: str) -> str:
    """Return the words that HTML shows in a link's stead."""
    shown = after.lstrip(" ")
    return shown[1:].split("\n", 1)[0].split("  ", 1)[0][:30] if shown.startswith(_SHOWN) else ""


def _plain(text: str) -> str:
    return text.replace(_SHOWN, "")


def _trimmed(url: str) -> str:
    """Drop what belongs to the sentence: closing marks, and brackets that were not opened inside the link."""
    while url:
        if url[-1] in _CLOSING_MARKS or (
            url[-1] in ")]}" and url.count({")": "(", "]": "[", "}": "{"}[url[-1]]) < url.count(url[-1])
        ):
            url = url[:-1]
        else:
            break
    return url


def _code(url: str, before: str, after: str) -> str:
    match = _CODE.search(after[:200])
    if match is None:
        match = _CODE_IN_URL.search(url) if re.search(r"baidu|quark|alipan|115|pwd=", url, re.IGNORECASE) else None
    if match is None:
        found = list(_CODE.finditer(before[-80:]))
        match = found[-1] if found else None
    return match[1] if match is not None else ""


def _name(before: str, after: str) -> str:
    """Return the file name nearest to the link: the last one before it, else the first right after it."""
    line_after = after.lstrip(" \t:：").split("\n", 1)[0][:200]
    direct = _FILE.match(line_after.lstrip('「“《"( '))
    if direct is not None:
        return _tidy(direct[1])
    lines = [line for line in before.split("\n") if line.strip()][-5:]
    for line in reversed(lines):
        found = _FILE.findall(line)
        if found:
            return _tidy(found[-1])
        shared = [first or second for first, second in _SHARED.findall(line)]
        if shared and not re.fullmatch(r"[链接\s]+", shared[-1]):
            return _tidy(shared[-1])
    following = _FILE.search(after[:300])
    return _tidy(following[1]) if following is not None else ""


def _tidy(name: str) -> str:
    name = re.sub(r"^【(?:金山文档|腾讯文档|飞书|石墨文档|钉钉)[^】]{0,10}】\s*", "", name.strip())
    name = re.sub(r"^(?:附件|文件名?|超大附件|云附件|名称)\s*[:：]?\s*(?=\S+\.)", "", name.strip())
    return re.sub(r"^\d{1,2}[、.．]\s*", "", name).strip(" \t「」“”\"'")


def _expiry(before: str, after: str, received: datetime | None) -> datetime | None:
    """Read the date nearest to the link: on its own line, then before it, then below it."""
    line = after.split("\n", 1)[0][:300]
    for near, last in ((line, False), (before[-200:], True), (after[:300], False)):
        found = [moment for pattern in _EXPIRES for match in pattern.finditer(near) if (moment := _moment(match))]
        if found:
            return found[-1] if last else found[0]
    english = _ENGLISH.search(after[:300])
    if english is not None and (named := (english[2] or english[3]).lower()) in _MONTHS:
        return _day(int(english[5]), _MONTHS.index(named) + 1, int(english[1] or english[4]))
    if received is None:
        return None
    days = _DAYS.search(after[:300]) or _DAYS.search(before[-200:])
    if days is None:
        return None
    amount, unit = int(days[1] or days[3]), days[2] or days[4]
    return received.astimezone(_CHINA) + (timedelta(hours=amount) if unit == "小时" else timedelta(days=amount))


def _moment(match: re.Match[str]) -> datetime | None:
    """Read the date as written, in China's time; without an hour the link is good for the whole day."""
    year, month, day, hour, minute = match.groups()
    if hour is None:
        return _day(int(year), int(month), int(day))
    return _day(int(year), int(month), int(day), int(hour) % 24, int(minute))


def _day(year: int, month: int, day: int, hour: int = 23, minute: int = 59) -> datetime | None:
    try:
        return datetime(year, month, day, hour, minute, tzinfo=_CHINA)
    except ValueError:
        return None
