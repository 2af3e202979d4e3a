"""Links that stand where attachments should be (云附件): who keeps the file, until when, under which 提取码.

Nothing is ever fetched. The shapes are those that the providers' programs write into mails (observed 2020-2026).
"""

from __future__ import annotations

import html as entities
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import unquote

from parsers.facts.mails import CloudLink

LINKS = 100
"""File links beyond this number are not listed."""
TEXT_CHARACTERS = 2_000_000

_CHINA = timezone(timedelta(hours=8))


@dataclass(frozen=True, slots=True)
class _Provider:
    name: str
    pattern: re.Pattern[str]


def _providers(*rows: tuple[str, str]) -> tuple[_Provider, ...]:
    return tuple(_Provider(name, re.compile(r"https?://(?:" + shape + ")", re.IGNORECASE)) for name, shape in rows)


_PROVIDERS = _providers(
    (
        "网易163超大附件",
        (
            r"(?:[a-z0-9-]+\.)?mail\.(?:163|126|188)\.com/large-attachment-download/"
            r"|(?:[a-z0-9-]+\.)?mail\.yeah\.net/large-attachment-download/|fs\.163\.com/fs/display"
        ),
    ),
    ("网易企业邮箱超大附件", r"[a-z0-9.-]*qiye\.163\.com/\S*(?:large-?attachment|bigattach|download)"),
    ("网易邮箱大师云附件", r"(?:dashi|mail)\.163\.com/html/cloud-attachment-download/"),
    ("腾讯企业邮超大附件", r"(?:[a-z0-9-]+\.)?exmail\.qq\.com/(?:cgi-bin/ftnExs_download|ftn/download|s\?k=)"),
    (
        "QQ邮箱超大附件",
        (
            r"i?wx\.mail\.qq\.com/(?:ftn/download|s\?(?:[^\s#]{0,200}&)?k=)"
            r"|(?:[a-z0-9-]+\.)?mail\.qq\.com/cgi-bin/ftnExs_(?:download|preview)|mail\.qq\.com/ftn/download"
        ),
    ),
    ("阿里邮箱超大附件", r"[^/\s]{3,200}/alimail/openLinks/downloadMimeMetaDiskBigAttach"),
    ("新浪邮箱超大附件", r"(?:[a-z0-9-]+\.)?mail\.sina\.(?:com\.cn|com|cn)/filecenter/download\.php"),
    (
        "139邮箱超大附件",
        (
            r"[a-z0-9.-]*mail\.10086\.cn/\S*(?:attach|disk|share|download)|(?:yun|caiyun)\.139\.com/\S*(?:link"
            r"|share|#/|/s/|/m/i)"
        ),
    ),
    ("搜狐邮箱超大附件", r"(?:[a-z0-9-]+\.)?mail\.sohu\.com/\S*(?:bigattach|netdisk|download)"),
    ("百度网盘", r"(?:pan|yun|eyun)\.baidu\.com/(?:s/|share/(?:init|link)\?|e/|wap/init\?)"),
    ("阿里云盘", r"(?:www\.)?(?:alipan|aliyundrive)\.com/(?:s|t)/"),
    ("夸克网盘", r"pan\.quark\.cn/s/"),
    ("UC网盘", r"(?:drive|fast)\.uc\.cn/s/"),
    ("迅雷云盘", r"pan\.xunlei\.com/s/"),
    (
        "蓝奏云",
        (
            r"(?:[a-z0-9-]+\.)?lanzou[a-z]?\.(?:com|net|cn)/[A-Za-z0-9]|(?:[a-z0-9-]+\.)?lanz(?:oux|ouw|n"
            r"|v)\.(?:com|net)/[A-Za-z0-9]"
        ),
    ),
    ("123云盘", r"(?:www\.)?123(?:pan|684|865|912|952|957)\.(?:com|cn)/s/"),
    ("腾讯微云", r"share\.weiyun\.com/[A-Za-z0-9]|url\.cn/[A-Za-z0-9]{5,}"),
    ("天翼云盘", r"cloud\.189\.cn/(?:t/|web/share\?)|h5\.cloud\.189\.cn/share"),
    ("文叔叔", r"(?:www\.)?(?:wenshushu\.cn|wss\.ink|ws\d{2}\.cn|wss\.cc)/(?:f|k|box)/"),
    ("奶牛快传", r"(?:[a-z0-9-]+\.)?cowtransfer\.com/s/|c-t\.work/s/"),
    (
        "金山文档",
        (
            r"(?:www\.|365\.)?kdocs\.cn/(?:l|p|view/l|share/l)/|(?:drive|f)\.wps\.cn/\S*(?:/l/|/s/|/w/)"
            r"|kdocs\.cn/l/"
        ),
    ),
    (
        "腾讯文档",
        (
            r"docs\.qq\.com/(?:doc|sheet|slide|pdf|aio|s|mind|flowchart|document|scenario|desktop/mydoc/folder"
            r"|smartsheet)/?"
        ),
    ),
    (
        "飞书云文档",
        (
            r"[a-z0-9-]+\.(?:feishu\.cn|larksuite\.com|larkoffice\.com)/(?:file|docx|docs|doc|drive|sheets|wiki"
            r"|base|share)/"
        ),
    ),
    ("钉钉文档", r"alidocs\.dingtalk\.com/|space\.dingtalk\.com/"),
    ("石墨文档", r"shimo\.im/(?:docs|sheets|file|files|folder)/"),
    ("坚果云", r"(?:www\.)?jianguoyun\.com/p/"),
    ("115网盘", r"(?:www\.)?(?:115|115cdn|anxia)\.com/s/"),
    ("城通网盘", r"(?:[a-z0-9-]+\.)?(?:ctfile|pipipan|545c|u062)\.com/(?:f|fs|d|dir|file)/"),
    ("和彩云", r"caiyun\.feixin\.10086\.cn/"),
    ("OneDrive", r"1drv\.ms/|onedrive\.live\.com/\S|[a-z0-9-]+-my\.sharepoint\.(?:com|cn)/:"),
    ("Google 云端硬盘", r"(?:drive|docs)\.google\.com/(?:file|drive|open|uc|document|spreadsheets)"),
    ("Dropbox", r"(?:www\.)?dropbox\.com/(?:s|scl|sh|t)/"),
    ("WeTransfer", r"we\.tl/t-|(?:[a-z0-9-]+\.)?wetransfer\.com/downloads/"),
    ("iCloud 云盘", r"(?:www\.)?icloud\.com(?:\.cn)?/(?:iclouddrive|attachment|photos)/"),
)  # fmt: skip

_URL = re.compile(
    r"(?:https?://|(?<![A-Za-z0-9@/.])(?=(?:pan\.baidu\.com|pan\.quark\.cn|www\.alipan\.com|cloud\.189\.cn)/))"
    r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%|{}-]{4,2000}",
    re.IGNORECASE,
)
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
    r"(?:提取码|访问码|提取密码|访问密码|分享密码|密码|口令|pwd|code)\s{0,3}(?:是"
    r"|为)?\s{0,3}[:：=]?\s{0,3}([A-Za-z0-9]{4,8})(?![A-Za-z0-9])",
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
    for source in (text[:TEXT_CHARACTERS], _with_visible_links(html[:TEXT_CHARACTERS])):
        spots = _spots(source)
        for number, (start, end, url, provider) in enumerate(spots):
            before = source[(spots[number - 1][1] if number else 0) : start][-500:]
            after = source[end : (spots[number + 1][0] if number + 1 < len(spots) else len(source))][:500]
            link = CloudLink(
                url, provider, _name(before, after), _code(url, before, after), _expiry(before, after, received)
            )
            known = found.get(_key(url))
            found[_key(url)] = link if known is None else _merged(known, link)
            if len(found) >= LINKS:
                return tuple(found.values())
    return tuple(found.values())


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
    plain = _ANCHOR.sub(lambda match: f" {match[1]} ", plain)
    plain = _TAG.sub(" ", _BREAKING.sub("\n", plain))
    return entities.unescape(plain).replace("\xa0", " ")


def _spots(source: str) -> list[tuple[int, int, str, str]]:
    """Return ``(start, end, url, provider)`` of every file link in the source; each link's repetitions are merged."""
    spots: list[tuple[int, int, str, str]] = []
    for match in _URL.finditer(source):
        url = _trimmed(entities.unescape(match[0]))
        if not url.lower().startswith("http"):
            url = "https://" + url
        provider = _provider(url)
        if provider is None and "%3a%2f%2f" in url.lower():
            # Webmail wraps links into a warning page of its own; the link itself is a parameter.
            inner = re.search(r"https?://[^\s&]{4,2000}", unquote(url)[8:])
            if inner is not None:
                url, provider = _trimmed(inner[0]), _provider(inner[0])
        if provider is None:
            continue
        if spots and _key(spots[-1][2]) == _key(url) and match.start() - spots[-1][1] < 200:
            spots[-1] = (spots[-1][0], spots[-1][1], url, provider)
            continue
        spots.append((match.start(), match.start() + len(match[0]), url, provider))
        if len(spots) >= LINKS * 4:
            break
    return spots


def _provider(url: str) -> str | None:
    return next((provider.name for provider in _PROVIDERS if provider.pattern.match(url)), None)


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
        match = (
            _CODE_IN_URL.search(url) if "baidu" in url or "quark" in url or "alipan" in url or "pwd=" in url else None
        )
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
    try:
        if hour is None:
            return datetime(int(year), int(month), int(day), 23, 59, tzinfo=_CHINA)
        return datetime(int(year), int(month), int(day), int(hour) % 24, int(minute), tzinfo=_CHINA)
    except ValueError:
        return None
