"""The real bytes of a told file (真实文件), and what a reader with perfect eyes would see on a scanned form.

Forms are text PDFs, whose seal no eye could see: their look is laid into the reader's memory as the truth has it, so
that a season plays in seconds. Everything else is read by the real readers.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cache

import docx
import numpy as np
from PIL import Image

from flows.demo.digital import make_text_form
from flows.demo.form_words import TITLE, FormWords
from flows.demo.posting import pack
from flows.demo.printed import print_pdf, report_lines
from flows.demo.reports import ReportWords, make_report
from flows.demo.sheet import LABELS
from parsers.facts.looks import (
    Box,
    Colour,
    FormFacts,
    FormField,
    FormKind,
    Look,
    PictureFacts,
    ReportFacts,
    ScanFacts,
    Seal,
    SealStrength,
    WordCounts,
)
from tests.parsers.containers.makers import aes_item, hand_zip
from tests.seasons_by_others.told import File, Firm

_DAY = "2026年4月8日"
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


@dataclass
class Maker:
    """Makes the files of one season; ``mails`` holds the raw mails so far, for those that are forwarded whole."""

    firms: dict[str, Firm]
    mails: list[bytes] = field(default_factory=list)
    known: dict[tuple[str, str], Look] = field(default_factory=dict)
    """What a reader sees in a file, by hash and extension, where it cannot see it here."""

    def make(self, file: File) -> bytes:
        """Return the bytes of a file."""
        if file.inner or file.make in {"zip", "zip-locked", "zip-cut", "rar-unknown"}:
            return self._archive(file)
        if file.make == "eml":
            return self.mails[file.mail_of - 1]
        firm = self.firms.get(file.firm)
        if file.make == "form" and firm is not None:
            return self._form(firm, file.flaws)
        if file.make == "report":
            return self._report(firm, file.flaws)
        if file.make == "photo":
            return self._photo(f"{file.firm}|{file.caption}", tiny="tiny" in file.flaws)
        return _PLAIN[file.make](f"{file.make}|{file.firm}")

    def _archive(self, file: File) -> bytes:
        inside = [(one.name, self.make(one)) for one in file.inner]
        if file.make == "rar-unknown":
            return b"Rar!\x1a\x07\x02" + hashlib.sha512(file.firm.encode()).digest() * 200
        if file.make == "zip-locked":
            items = (aes_item(name.encode("gbk"), data, file.password.encode()) for name, data in inside)
            return hand_zip(*items)
        whole = pack(inside)
        return whole[: len(whole) // 5] if file.make == "zip-cut" else whole

    def _form(self, firm: Firm, flaws: tuple[str, ...]) -> bytes:
        words = _words(firm, flaws)
        if "as-docx" in flaws:
            return _word_form(words)
        if "as-jpg" in flaws:
            data, ending = _picture(f"form|{firm.key}"), "jpg"
        else:
            data, ending = make_text_form(words) + f"%{firm.key}{'+'.join(flaws)}\n".encode(), "pdf"
        self._know(data, ending, _seen_form(firm, words, ending, sealed="unsealed" not in flaws))
        return data

    def _report(self, firm: Firm | None, flaws: tuple[str, ...]) -> bytes:
        data = _report(firm.case if firm else "案例", firm.name if firm else "本公司", flaws)
        if "as-pdf" in flaws:
            return print_pdf(firm.case if firm else "案例", report_lines(data))
        if "as-doc" in flaws and firm is not None:
            old = _OLE + bytes(504) + b"\xec\xa5" + zlib.crc32(firm.key.encode()).to_bytes(4, "big") + bytes(4000)
            old += "WordDocument".encode("utf-16-le")
            facts = ReportFacts("doc", WordCounts(8300), title=firm.case, names=(firm.name,))
            self._know(old, "doc", Look("doc", report=facts, text=f"{firm.case}\n{firm.name}"))
            return old
        return data

    def _photo(self, key: str, *, tiny: bool) -> bytes:
        """Return a small picture that the reader takes for a sharp and large one."""
        data = _picture(key)
        width, height = (160, 120) if tiny else (1280, 960)
        facts = PictureFacts(width, height, sharpness=120.0, phash=hashlib.sha256(key.encode()).hexdigest()[:16])
        for ending in ("jpg", "jpeg"):
            self._know(data, ending, Look("jpeg", picture=facts))
        return data

    def _know(self, data: bytes, ending: str, look: Look) -> None:
        self.known[hashlib.sha256(data).hexdigest(), ending] = look


def _words(firm: Firm, flaws: tuple[str, ...]) -> FormWords:
    words = FormWords(firm.case, firm.name, firm.recommender, _DAY)
    blanks = {
        "blank-title": "case_title",
        "blank-applicant": "applicant",
        "blank-recommender": "recommender",
        "blank-date": "submitted_on",
    }
    return replace(words, **{blanks[flaw]: "" for flaw in flaws if flaw in blanks})


def _seen_form(firm: Firm, words: FormWords, ending: str, *, sealed: bool) -> Look:
    def said(value: str) -> FormField:
        return FormField(value, 0.99, certain=True, page=1)

    form = FormFacts(
        FormKind.CURRENT,
        TITLE,
        said(words.case_title),
        said(words.applicant),
        said(words.recommender),
        said("2026-04-08" if words.submitted_on else ""),
    )
    seal = Seal(1, Box(0.5, 0.7, 0.7, 0.9), firm.name, 0.97, SealStrength.STRONG)
    scan = ScanFacts(1, scanned=True, colour=Colour.COLOUR, clean=True, form=form, seals=(seal,) if sealed else ())
    text = "\n".join((TITLE, *(f"{label}：{value}" for label, value in zip(LABELS, _values(words), strict=True))))
    return Look("jpeg" if ending == "jpg" else "pdf", scan=scan, text=text)


def _values(words: FormWords) -> tuple[str, ...]:
    return (words.case_title, words.applicant, words.recommender, words.submitted_on)


def _word_form(words: FormWords) -> bytes:
    document = docx.Document()
    document.add_paragraph(TITLE)
    for label, value in zip(LABELS, _values(words), strict=True):
        document.add_paragraph(f"{label}：{value}")
    return _saved(document)


@cache
def _report(title: str, company: str, flaws: tuple[str, ...]) -> bytes:
    seed = zlib.crc32(title.encode()) % 1000
    words = ReportWords(title, company)
    if "no-part-3" in flaws:
        words = replace(words, headings=("引言", "企业概况", "经验启示"), lengths=(300, 7000, 900))
    if "one-line" in flaws:
        return _note(title)
    return make_report(words, total=2000 if "short" in flaws else 8300, seed=seed)


@cache
def _picture(key: str) -> bytes:
    out = io.BytesIO()
    pixels = np.random.default_rng(zlib.crc32(key.encode())).integers(0, 255, (48, 64, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(out, "JPEG")
    # As many bytes as a picture of that size has.
    return out.getvalue() + bytes(300_000)


def _note(key: str) -> bytes:
    document = docx.Document()
    document.add_paragraph(_NOTES.get(key, key))
    return _saved(document)


_NOTES = {"docx-note|yq": "照片说明\n1：模组产线\n2：高低温试验"}


def _saved(document: docx.document.Document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _printed(title: str, *lines: str) -> Callable[[str], bytes]:
    return lambda key: print_pdf(title, (title, *lines, key))


def _logo(_key: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (160, 48), (20, 90, 160)).save(out, "PNG")
    return out.getvalue()


_PLAIN: dict[str, Callable[[str], bytes]] = {
    "paper-notice": _printed("快递单", "顺丰速运 运单号 SF0000000000041", "收件人 分会秘书处"),
    "invoice": _printed("电子发票（普通发票）", "发票号码 00001751", "价税合计 1200.00"),
    "cv": _printed("个人简历", "求职意向 行政", "教育经历 大学本科"),
    "minutes": _printed("会议通知", "定于5月22日召开理事会，请各理事单位参加。"),
    "advert": _printed("价目与宣传", "厂家直销，欢迎订购。"),
    "business-licence": _printed("营业执照", "统一社会信用代码 见副本"),
    "logo": _logo,
    "empty": lambda _key: b"",
    "garbage": lambda key: hashlib.sha512(key.encode()).digest() * 60,
    "docx-note": _note,
    "ics": lambda key: f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nSUMMARY:{key}\r\nEND:VCALENDAR\r\n".encode(),
}
