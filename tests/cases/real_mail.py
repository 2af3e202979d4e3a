"""A told mail as real bytes (故事的真实来信): real forms, reports, pictures and archives, read by the real readers."""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field

from PIL import Image

from flows.demo.digital import make_text_form
from flows.demo.form_words import FormWords
from flows.demo.papers import make_form, make_photo
from flows.demo.posting import Draft, Enclosure, pack, post
from flows.demo.printed import print_pdf
from flows.demo.reports import ReportWords, make_report
from parsers.facts.context import ReadContext
from parsers.facts.mails import MailReading
from parsers.facts.spool import FolderSpool
from parsers.read import read_message
from tests.cases.office import OURS, Office
from tests.cases.telling import File, Mail

_AUTOMATIC = (("Auto-Submitted", "auto-replied"), ("X-Autoreply", "yes"))


@dataclass
class RealOffice(Office):
    """An office whose mails are bytes. ``scanned`` forms are pictures of stamped paper, others text."""

    scanned: bool = False
    raw: dict[int, bytes] = field(default_factory=dict)

    def _raw(self, place: int, mail: Mail) -> bytes:
        if place not in self.raw:
            self.raw[place] = self._post(mail)
        return self.raw[place]

    def _reading(self, place: int, mail: Mail, sha256: str, size: int) -> MailReading:
        del sha256, size
        spool = FolderSpool(self.shop.spool)
        context = ReadContext(call=self.shop.call, ocr=self.scanned)
        return read_message(self._raw(place, mail), spool, context, (OURS,), self.received(mail))

    def _post(self, mail: Mail) -> bytes:
        number = self._number(str(mail.number_of)) if mail.number_of else ""
        text = mail.text.replace("{number}", number) + (f"\n\n-- \n{mail.signature}\n" if mail.signature else "\n")
        return post(
            Draft(
                mail.name,
                mail.sender,
                mail.subject.replace("{number}", number),
                text,
                self.received(mail),
                self._enclosures(mail),
                in_reply_to=self._letter_to(mail.answers).message_id if mail.answers else "",
                headers=(*(_AUTOMATIC if mail.machine else ()), *((("Cc", ", ".join(mail.cc)),) if mail.cc else ())),
            )
        )

    def _enclosures(self, mail: Mail) -> tuple[Enclosure, ...]:
        """Attach the files; those whose paths begin with one container go into it."""
        tops: dict[str, list[File]] = {}
        for one in mail.files:
            tops.setdefault(one.path.partition("/")[0], []).append(one)
        found = []
        for top, inside in tops.items():
            if len(inside) == 1 and inside[0].path == top:
                found.append(Enclosure(top, self._made(inside[0])))
            elif top.endswith(".zip"):
                found.append(
                    Enclosure(top, pack([(one.path.removeprefix(f"{top}/"), self._made(one)) for one in inside]))
                )
            elif top.endswith(".eml"):
                own = tuple(Enclosure(one.path.removeprefix(f"{top}/"), self._made(one)) for one in inside)
                said = "".join(f"{words}\n" for words in mail.forwarded) or "见附件。\n"
                inner = Draft("", "inner@mail.example", "申报材料", said, self.received(mail), own)
                found.append(Enclosure(top, post(inner)))
            else:
                message = f"{top} cannot be made"
                raise ValueError(message)
        return tuple(found)

    def _made(self, file: File) -> bytes:
        seed = zlib.crc32((file.holds or f"{file.path}{file.applicant}{file.title}").encode())
        if file.role == "form":
            words = FormWords(file.title, file.applicant, file.recommender, _printed(file.submitted))
            if self.scanned:
                return make_form(words, seal=file.seal or file.applicant, scenario="scan200", seed=seed)
            # Two printings of the same words are two files in life; a comment behind the end tells them apart.
            return make_text_form(words) + f"%{seed}\n".encode()
        if file.role == "report":
            return make_report(ReportWords(file.title, file.names[0] if file.names else "本公司"), seed=seed % 1000)
        if file.role == "photo":
            return make_photo(seed, 1200, 900)
        if file.role == "noise":
            return _logo()
        return print_pdf(file.path, (f"{file.path}，盖章页见纸质件。",))


def _logo() -> bytes:
    """A small picture of one colour, as signatures carry."""
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (20, 60, 140)).save(out, "PNG")
    return out.getvalue()


def _printed(day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"
