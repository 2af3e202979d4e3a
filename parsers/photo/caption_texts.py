"""Where does a text say what each photo shows? (邮件正文、说明文件中的内容概要).

People write it in some forty manners: 照片1：…, 【图2】…, ①…②…, 第一张是…, 分别为…和…, IMG_1：…, …（1.jpg）, a list
under 照片, the lines of a table. All but two of them are one thing: the photo is mentioned, and what it shows stands
behind the mention, up to the next one. Measured on ``tests/corpora/captions.toml``, written by somebody who had not
read this.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from parsers.facts.leaf import Leaf
from parsers.photo.caption_names import NUMBER, SHORTEST, clean, number_in_name, stem_of, value_of

MOST_TEXT = 20_000
"""Characters that are read: captions stand in letters and lists, not in books."""
_CIRCLED = {
    chr(start + number): f"〔{number + 1}〕" for start in (0x2460, 0x2776, 0x278A, 0x24F5) for number in range(10)
}
_PHOTO_WORDS = "(?:照片|图片|相片|附图|配图)"
_KINDS = "(?:照片|图片|相片|附图|配图|图例|图|[Pp]hoto|[Pp]icture|[Ff]ig(?:ure)?\\.?)"
_OPEN, _CLOSE = '[（(【\\[「『《"“]', '[）)】\\]」』》"”]'
_UNITS = "(?!\\s*(?:张|幅|个|份|套|家|页|年|月|日|[KMGkmg]B?\\b|\\d|[.．]\\d))"
_KIND_NUMBER = re.compile(
    rf"{_OPEN}?\s*(?<![地蓝截]){_KINDS}\s*(?:{_OPEN}\s*(?P<inner>{NUMBER})\s*{_CLOSE}|(?P<digits>\d{{1,2}}(?!\d)){_UNITS}"
    rf"|(?P<words>十?[一二三四五六七八九十])(?=\s*(?:[：:、.．—\-–/）)】\]」』…]|是|为)|\s))\s*{_CLOSE}?"
)
_ORDINAL = re.compile(rf"第\s*(?P<number>{NUMBER})\s*(?:张|幅)(?:照片|图片|图|照)?")
_BEFORE_AND_AFTER = re.compile(r"(?P<first>前(?:一张|面一?张?的?|者))|(?P<second>后(?:一张|面一?张?的?|者))")
_TAIL = re.compile(r"尾号\s*(?P<tail>\d{3,8})\s*的?")
_ITEM = re.compile(
    r"(?:〔(?P<circled>\d{1,2})〕|(?<![\w.\-])[（(]?(?P<number>\d{1,2})(?!\d)[)）]?"
    r"(?=\s*[、.．:：)）\-—\t|]|[\u4e00-\u9fffA-Za-z]|\s))"
    rf"{_UNITS}[、.．:：)）\-—]?"
)
_HEAD = re.compile(
    rf"{_PHOTO_WORDS}[^\n。；;：:]{{0,12}}[：:\n]|{_PHOTO_WORDS}(?:的)?(?:内容)?(?:概要|说明|简介|介绍|清单|目录|名称|编号)[^\n：:]{{0,6}}[：:\s]"
)
_GROUP = re.compile(
    rf"(?P<who>{_PHOTO_WORDS}[^\n。；;：:]{{0,14}}?|[两二三四五2-5]\s*张(?:照片|图片|图|照)?[^\n。；;：:]{{0,6}}?)"
    r"(?:(?P<each>分别|依次|顺序)\s*(?:是|为|拍摄?的?是|展示了?|反映了?|显示了?|[：:])|(?P<all>均为|均是|均系|都是|都为|全是|全为|全部是|全部为))"
    r"[：:]?\s*(?P<what>[^\n。；;]{2,200})"
)
_MARKER = re.compile(r"\[(?:cid|image|图片)\s*[:：]\s*(?P<name>[^\]\n]{1,80})\]", re.IGNORECASE)
_LINK = re.compile(
    r"(?:里面|里|中|上)?(?:拍摄?的|展示的|显示的|反映的|内容)?(?:是|为)|的是|展示了?(?![厅区墙柜架馆台中])|拍摄?了|展现了?|反映了?"
    r"|显示了?(?![屏器])|中(?=工人|员工|的|有|我)|的(?=[\u4e00-\u9fff])"
)
_MARKS = re.compile(r"[\s:：、\-—–=→>|,，.．·…/“”\"'》】\])）]+")
_SAYS_NOTHING = re.compile(
    r"^(?:已|未|请|再|缺|没|也|和|与|及|是否|麻烦|一起|一并|暂|作废|损坏|打不开|打开|像素|大小|原图|高清|清晰|模糊|格式|电子版|附件|附后|详见|的?说明|内容|概要|所示|"
    r"见[附下上]|将[补于另在重]|另[附发行有]|重新?[拍发传补换]|补[发传充上拍]|稍后|不[变清用需要能是行合符够]|待[补定发]|太[大小模]|过[大小]|由.{1,8}拍|"
    r"要[求不补换用]|需[要补换]|如[图下有需果]|可[以否能]|能[否不]|用[的这]|换[了成一]|替换|改[为成了]|删[了除掉]|无[法误效]|发[您送你了给来过]|传[送给了您]|上传|"
    r"收[到悉]|谢谢|随[信邮函]|共\d|还[有没]|有[误问])"
)
_NO_CAPTION = re.compile(
    r"1[3-9]\d{9}|联系人|联系电话|[吗呢？?]$|推荐表|申报表|申请表|案例报告|此致|敬礼|谢谢|请查收|"
    r"\.(?:pdf|docx?|jpe?g|png|zip|rar|xlsx?|heic)\b",
    re.IGNORECASE,
)
_TAIL_CLAUSE = re.compile(r"[，,]\s*(?:请|谢谢|望|均|都|见附|详见|拍摄于|摄于).*$")
_STOPS = re.compile(r"[；;。\n]")


class _Mention(NamedTuple):
    """Where a text names a photo: by ``path``, or by a number that the photos' names are asked for."""

    start: int
    end: int
    path: str = ""
    number: int = 0


def captions_in(photos: Sequence[Leaf], text: str) -> dict[str, str]:
    """Return what a text says of each photo, by path; a photo of which it says nothing is left out."""
    text = _plain(text)
    found = _beside_markers(photos, text)
    grouped, text = _grouped(photos, _MARKER.sub("\n", text))
    mentions = list(_by_file(photos, text))
    numbered = [*_by_number(photos, text)]
    found |= _behind(text, [*mentions, *numbered], photos)
    if not numbered:
        for path, caption in _listed(photos, text).items():
            found.setdefault(path, caption)
    for path, caption in grouped.items():
        found.setdefault(path, caption)
    return found


def captions_of_files(photos: Sequence[Leaf], text: str) -> dict[str, str]:
    """Return what a text says of the photos that it calls by their files' names; numbers count nothing."""
    text = _plain(text)
    return _behind(text, list(_by_file(photos, text)), photos)


def _plain(text: str) -> str:
    text = "".join(_CIRCLED.get(sign, sign) for sign in text[:MOST_TEXT])
    return unicodedata.normalize("NFKC", text)[: 2 * MOST_TEXT]


def _by_file(photos: Sequence[Leaf], text: str) -> Iterator[_Mention]:
    """Find the photos that a text calls by their files' names, with or without the ending; each once."""
    low = text.lower()
    for photo in photos:
        name = unicodedata.normalize("NFKC", photo.name).lower()
        stem = stem_of(name)
        for wanted in (name, stem) if len(stem) >= 4 else (name,):
            at = _whole_word(low, wanted)
            if at >= 0:
                yield _Mention(at, at + len(wanted), photo.path)
                break
        else:
            digits = re.findall(r"\d{4,}", stem)
            for match in _TAIL.finditer(text) if digits else ():
                if digits[-1].endswith(match["tail"]):
                    yield _Mention(match.start(), match.end(), photo.path)
                    break


def _whole_word(text: str, wanted: str) -> int:
    """Return where a name stands that is no piece of a longer one, -1 where it does not."""
    at = text.find(wanted)
    while at >= 0:
        before, after = text[at - 1 : at], text[at + len(wanted) : at + len(wanted) + 1]
        if not (_joins(wanted[0], before) or _joins(wanted[-1], after)):
            return at
        at = text.find(wanted, at + len(wanted))
    return -1


def _joins(edge: str, other: str) -> bool:
    return other.isascii() and other.isalnum() and edge.isascii() and edge.isalnum()


def _by_number(photos: Sequence[Leaf], text: str) -> Iterator[_Mention]:
    for match in _KIND_NUMBER.finditer(text):
        number = match["inner"] or match["digits"] or match["words"]
        yield _Mention(match.start(), match.end(), number=value_of(number))
    for match in _ORDINAL.finditer(text):
        yield _Mention(match.start(), match.end(), number=value_of(match["number"]))
    if len(photos) == 2:
        for match in _BEFORE_AND_AFTER.finditer(text):
            yield _Mention(match.start(), match.end(), number=1 if match["first"] else 2)


def _behind(text: str, mentions: Sequence[_Mention], photos: Sequence[Leaf]) -> dict[str, str]:
    """Return what stands behind each mention, or before it where the mention itself stands in brackets."""
    ordered = _apart(mentions)
    told: dict[int, str] = {}
    found: dict[str, str] = {}
    for place, mention in enumerate(ordered):
        until = ordered[place + 1].start if place + 1 < len(ordered) else len(text)
        caption = _before(text, mention) or _words(text[mention.end : min(until, mention.end + 240)])
        if caption and mention.path:
            found.setdefault(mention.path, caption)
        elif caption:
            told.setdefault(mention.number, caption)
    for path, number in numbers_of(photos, len(told)).items():
        if number in told:
            found.setdefault(path, told[number])
    return found


def _apart(mentions: Sequence[_Mention]) -> list[_Mention]:
    """Return the mentions in the order of the text, without those that lie inside another (照片1.jpg is one)."""
    kept: list[_Mention] = []
    for mention in sorted(mentions, key=lambda one: (one.start, -one.end)):
        if kept and mention.start < kept[-1].end:
            if mention.path and not kept[-1].path:
                kept[-1] = mention
            continue
        kept.append(mention)
    return kept


def _before(text: str, mention: _Mention) -> str:
    """Return the words before a mention in brackets: 配电柜装配（1.jpg）."""
    inner = text[mention.start : mention.end]
    opened = "(" in {text[mention.start - 1 : mention.start], inner[:1]}
    closed = ")" in {text[mention.end : mention.end + 1], inner[-1:]}
    if not (opened and closed):
        return ""
    before = text[max(0, mention.start - 60) : mention.start].rstrip("( ")
    return _judged(re.split(r"[、，,；;：:。\n)]", before)[-1], linked=False)


def _words(segment: str) -> str:
    """Return the caption at the start of what follows a mention; empty where the words describe nothing."""
    bare = segment.lstrip(" \t")
    if re.match(r"[（(]", bare):
        inner = re.match(r"[（(]([^（()）\n]{2,120})[）)]", bare)
        return _judged(inner[1], linked=True) if inner else ""
    marks = _MARKS.match(segment)
    lead = marks[0] if marks else ""
    if lead.count("\n") > 1 or ("\n" in lead and re.search(r"[；;。]", lead)):
        return ""
    rest = segment[len(lead) :]
    link = _LINK.match(rest)
    rest = rest[link.end() :] if link else rest
    return _judged(_STOPS.split(rest.split("\t")[0].split("|")[0])[0], linked=bool(link) or ":" in lead)


def _judged(text: str, *, linked: bool) -> str:
    caption = clean(_TAIL_CLAUSE.sub("", text))
    if caption.count("(") > caption.count(")"):
        caption = clean(caption.rsplit("(", 1)[0])
    if len(caption) < SHORTEST or _NO_CAPTION.search(caption) or not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", caption):
        return ""
    if re.fullmatch(r"[\d.\s]*(?:[KMGkmg]B?|兆|张|幅)(?:左右)?", caption):
        return ""
    return "" if not linked and _SAYS_NOTHING.match(caption) else caption


def _listed(photos: Sequence[Leaf], text: str) -> dict[str, str]:
    """Return the captions of a list of bare numbers: under 照片, or one that has as many lines as there are photos."""
    head = _HEAD.search(text)
    for start in (head.end() if head else len(text), 0):
        items = list(_items(text, start))
        if not items or not (start or len(items) == len(photos)):
            continue
        texts = [
            text[one.end : two.start] for one, two in zip(items, [*items[1:], _Mention(len(text), 0)], strict=True)
        ]
        if any(_NO_CAPTION.search(_STOPS.split(each.lstrip())[0]) for each in texts):
            continue
        found = {path: told for path, told in _behind(text, items, photos).items() if told}
        if found:
            return found
    return {}


def _items(text: str, start: int) -> Iterator[_Mention]:
    """Yield the numbers of a list in their order: 1, 2, 3; others between them count nothing."""
    wanted = 1
    for match in _ITEM.finditer(text, start):
        if int(match["circled"] or match["number"]) == wanted:
            wanted += 1
            yield _Mention(match.start(), match.end(), number=wanted - 1)


def _grouped(photos: Sequence[Leaf], text: str) -> tuple[dict[str, str], str]:
    """Read 两张照片分别为…和… and 照片都是…; return the captions, and the text without these sentences."""
    match = _GROUP.search(text)
    if match is None:
        return {}, text
    rest = text[: match.start()] + "\n" + text[match.end() :]
    who = [int(number) for number in re.findall(r"(?<!\d)\d{1,2}(?!\d)", match["who"]) if "张" not in match["who"]]
    numbered = numbers_of(photos, len(photos))
    named = [photo for photo in photos if not who or numbered.get(photo.path) in who]
    ordered = sorted(named, key=lambda photo: numbered.get(photo.path, 0))
    if match["all"]:
        caption = _judged(match["what"], linked=False)
        return ({photo.path: caption for photo in named} if caption else {}), rest
    pieces = [_judged(piece, linked=True) for piece in _pieces(match["what"], len(ordered))]
    told = zip(ordered, pieces, strict=True) if len(pieces) == len(ordered) else ()
    return {photo.path: caption for photo, caption in told if caption}, rest


def _pieces(text: str, wanted: int) -> list[str]:
    """Divide an enumeration at 、 and ，, and at 和 where that alone gives as many as there are photos."""
    text = _TAIL_CLAUSE.sub("", text)
    pieces = re.split(r"[、，,](?![^()]*\))", text)
    if len(pieces) == wanted:
        return pieces
    return re.split(r"(?:[、，,]|以及|和|与|及|跟)(?![^()]*\))", text)


def _beside_markers(photos: Sequence[Leaf], text: str) -> dict[str, str]:
    """Return the line below each picture that the letter shows, or the line above where that ends with a colon."""
    by_name = {unicodedata.normalize("NFKC", photo.name): photo.path for photo in photos}
    found: dict[str, str] = {}
    markers = list(_MARKER.finditer(text))
    for place, marker in enumerate(markers):
        path = by_name.get(marker["name"].strip().partition("@")[0])
        above = text[markers[place - 1].end() if place else 0 : marker.start()].rstrip().rpartition("\n")[2]
        below = text[marker.end() : markers[place + 1].start() if place + 1 < len(markers) else len(text)]
        line = above[:-1] if above.endswith(":") else below.strip().partition("\n")[0]
        caption = _judged(line, linked=False)
        if path and caption:
            found.setdefault(path, caption)
    return found


def numbers_of(photos: Sequence[Leaf], listed: int) -> dict[str, int]:
    """Return each photo's number: the one in its name, or its place where the list is as long as the photos."""
    named = {photo.path: number for photo in photos if (number := number_in_name(photo.name)) is not None}
    if len(named) == len(photos) and len(set(named.values())) == len(named):
        return named
    if listed == len(photos):
        return {photo.path: place for place, photo in enumerate(photos, 1)}
    return named
