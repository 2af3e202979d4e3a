"""Stories told as small tables: mails in, the register out. Used by the story tests and by ``bench/attribution.py``."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlmodel import Session, select

from config.call import Call
from config.load import load_call
from flows.steps.filing.file_mail import Filed, file_reading
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import (
    Box,
    Colour,
    FormFacts,
    FormField,
    FormKind,
    Look,
    Part,
    PartVerdict,
    PictureFacts,
    ReportFacts,
    ScanFacts,
    Seal,
    SealStrength,
    WordCounts,
)
from parsers.facts.mails import Address, Authentication, AuthVerdict, Intent, MailReading, Notice, ReadLeaf
from parsers.facts.problem import Problem, Weight
from parsers.names.company import is_company, is_placeholder
from store import lists
from store.engine import Store
from store.filing.applicants import ensure_applicant, remember_alias
from store.states import AliasKind
from store.tables import (
    ApplicantRow,
    LeafRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
READER = "test-1"
FIRST = datetime(2026, 5, 6, 9, 0, tzinfo=SHANGHAI)
LATE = datetime(2026, 6, 2, 9, 0, tzinfo=SHANGHAI)
CALLS = Path(__file__).parents[2] / "config" / "calls"

_KINDS = {
    "form": ("pdf", Role.FORM),
    "report": ("docx", Role.REPORT),
    "photo": ("jpeg", Role.PHOTO),
    "other": ("pdf", Role.OTHER),
    "noise": ("png", Role.NOISE),
    "unreadable": ("zip", Role.UNREADABLE),
}


_PARTS = tuple(
    Part(name, PartVerdict.CERTAIN, words)
    for name, words in (("intro", 300), ("overview", 800), ("practice", 6200), ("insight", 1000))
)


def _caption(name: str) -> str:
    """Return what a picture's name says of it; empty for camera names and numbers."""
    words = re.sub(r"微信图片|图片|照片|[^\u4e00-\u9fff]", "", name.rsplit(".", 1)[0])
    return words if len(words) >= 2 else ""


@cache
def the_call() -> Call:
    """Return the first programme's call."""
    return load_call(CALLS / "cases-2026")


@dataclass(frozen=True)
class File:
    """One file of a told mail. ``holds`` names the content: two files that hold the same have the same bytes."""

    path: str
    role: str
    applicant: str = ""
    sure: bool = True
    seal: str = ""
    title: str = ""
    names: tuple[str, ...] = ()
    recommender: str = ""
    code: str = ""
    contact: str = ""
    type: str = ""
    holds: str = ""
    broken: bool = False
    old_form: bool = False
    submitted: str = ""
    whole: bool = False
    """Whatever the table leaves unsaid is as the notice wants it: a form is dated and sealed in colour, a report has
    its four parts, a picture is sharp and large, and its name is its caption where it says something."""

    def read(self) -> ReadLeaf:
        """Return the file as a reader would have read it."""
        kind, role = _KINDS[self.role]
        kind = self.type or kind
        sha256 = hashlib.sha256(self.content()).hexdigest()
        name = self.path.rsplit("/", 1)[-1]
        size = 240_000 if self.whole else len(self.content().decode())
        leaf = Leaf(self.path, name, size, sha256, kind, problems=self._problems(role))
        caption = _caption(name) if self.whole and role is Role.PHOTO else ""
        look = None if role is Role.NOISE else self._look(kind, role, sha256)
        return ReadLeaf(leaf, role, "故事所定。", look, caption=caption, caption_from="文件名" if caption else "")

    def content(self) -> bytes:
        """Return the bytes that stand for the file; no reader looks into them."""
        said = (self.path, self.role, self.applicant, self.title, self.names, self.code)
        return (self.holds or "|".join(map(str, said))).encode()

    def _problems(self, role: Role) -> tuple[Problem, ...]:
        if self.broken:
            return (Problem("damaged", "文件损坏。", self.path, "请重发。", Weight.UNREADABLE),)
        if self.whole and role is Role.UNREADABLE:
            words, cure = "压缩包有打开密码。", "请去掉密码重新发送，或直接回信告知密码。"
            return (Problem("encrypted", words, self.path, cure, Weight.UNREADABLE),)
        return ()

    def _look(self, kind: str, role: Role, sha256: str) -> Look:
        if role is Role.FORM:
            colour = Colour.COLOUR if self.whole else Colour.UNKNOWN
            scan = ScanFacts(pages=1, scanned=True, colour=colour, form=self._form(), seals=self._seals())
            return Look(kind, scan=scan)
        if role is Role.REPORT:
            parts = _PARTS if self.whole else ()
            report = ReportFacts(
                format=kind, counts=WordCounts(8300), title=self.title, parts=parts, names=self.names, readable=True
            )
            return Look(kind, report=report, text=f"{self.title} {' '.join(self.names)} {self.code}")
        if role is not Role.PHOTO:
            return Look(kind)
        sharp = {"sharpness": 120.0, "phash": sha256[:16]} if self.whole else {}
        return Look(kind, picture=PictureFacts(1600, 1200, **sharp))

    def _form(self) -> FormFacts:
        def said(value: str) -> FormField:
            return FormField(value, 0.98 if self.sure else 0.6, certain=self.sure, page=1 if self.whole else 0)

        kind = FormKind.OLD if self.old_form else FormKind.CURRENT
        return FormFacts(
            kind,
            "申报推荐表",
            # A story that tells titles at all leaves the others unread rather than blank.
            said(self.title) if self.title or not self.whole else FormField("", 0.3, page=1),
            said(self.applicant),
            said(self.recommender),
            said(self.submitted),
            credit_code=self.code,
            contact=self.contact,
        )

    def _seals(self) -> tuple[Seal, ...]:
        legible = self.sure and is_company(self.applicant) and not is_placeholder(self.applicant)
        text = self.seal or (self.applicant if legible else "")
        if not self.seal and not self.whole:
            return ()
        return (Seal(1, Box(0.5, 0.7, 0.7, 0.9), text, 0.9 if text else 0.0, SealStrength.STRONG),)


@dataclass(frozen=True)
class Mail:
    """One told mail. ``after`` is minutes after the story's first moment; ``answers`` the place (from 1) of the mail
    whose letter of ours it answers; ``follows`` of the sender's own mail it goes on from."""

    sender: str
    files: tuple[File, ...] = ()
    subject: str = "申报材料"
    text: str = "材料见附件，请查收。"
    name: str = ""
    after: int = 0
    answers: int = 0
    follows: int = 0
    auth: str = "unknown"
    intent: str = "materials"
    cc: tuple[str, ...] = ()
    signature: str = ""
    machine: str = ""
    number_of: int = 0
    """Place of the mail whose 受理编号 replaces ``{number}`` in subject and text."""
    late: bool = False
    forwarded: tuple[str, ...] = ()
    """What the mails say that this one forwards."""

    def received(self) -> datetime:
        """Return when the server took it."""
        start = LATE if self.late else FIRST
        return start + timedelta(minutes=self.after)


@dataclass(frozen=True)
class Telling:
    """What the lists and staff know before the story begins."""

    members: tuple[Mapping[str, Any], ...] = ()
    recommenders: tuple[Mapping[str, Any], ...] = ()
    remembered: tuple[Mapping[str, str], ...] = ()


@dataclass
class Teller:
    """Files told mails in a store, one after the other, as the flow would."""

    store: Store
    call: Call = field(default_factory=the_call)
    filed: dict[int, Filed] = field(default_factory=dict)
    hashes: dict[int, str] = field(default_factory=dict)

    def prepare(self, telling: Telling) -> None:
        """Import the story's lists and what staff remembered."""
        with self.store.transaction() as session:
            for kind, rows in (("member", telling.members), ("recommender", telling.recommenders)):
                if rows:
                    entries = tuple(lists.Entry(number, **_entry(row)) for number, row in enumerate(rows, 2))
                    file = lists.ListFile(kind, f"{kind}名单", date(2026, 3, 1), "0" * 64, entries)
                    lists.save_list(session, file, by="小王", at=FIRST)
            for one in telling.remembered:
                row = ensure_applicant(session, one["applicant"])
                remember_alias(
                    session, AliasKind(one["kind"]), one["key"], row.id or 0, by="小王", reason="电话核实。", at=FIRST
                )

    def tell(self, place: int, mail: Mail) -> Filed:
        """Let one mail arrive and be filed."""
        with self.store.transaction() as session:
            reading = self._reading(session, place, mail)
            self.hashes[place] = reading.sha256
            if session.get(MessageRow, reading.sha256) is None:
                row = MessageRow(
                    sha256=reading.sha256,
                    size=reading.size,
                    message_id=reading.message_id,
                    received=mail.received(),
                    fetched=mail.received(),
                )
                session.add(row)
                session.flush()
            filed = file_reading(session, self.store, self.call, reading, mail.received(), reader_version=READER)
            self._answer(session, place, filed)
        self.filed[place] = filed
        return filed

    def _reading(self, session: Session, place: int, mail: Mail) -> MailReading:
        refs = []
        if mail.answers:
            refs.append(f"<letter-{mail.answers}@zhengji.example>")
        if mail.follows:
            refs.append(mail_id(mail.follows))
        sha256 = hashlib.sha256(f"{place}|{mail}".encode()).hexdigest()
        return reading_of(place, mail, sha256, refs=tuple(refs), number=self._number(session, mail.number_of))

    def _number(self, session: Session, place: int) -> str:
        if not place or place not in self.filed or not self.filed[place].submissions:
            return "AL2026-9999"
        row = session.get(SubmissionRow, self.filed[place].submissions[0])
        return row.number if row else ""

    def _answer(self, session: Session, place: int, filed: Filed) -> None:
        """Write the letter that the flow would have written, so that later mails can answer it."""
        if len(filed.submissions) != 1 or place in self.filed:
            return
        row = session.get(SubmissionRow, filed.submissions[0])
        session.add(
            LetterRow(
                subject_key=f"submission:{row.number if row else ''}",
                submission_id=filed.submissions[0],
                kind="received",
                state_key=str(place),
                to_address="x@y.example",
                message_id=f"<letter-{place}@zhengji.example>",
                raw_sha256="",
                frame_sha256="",
                created=datetime.now(UTC),
            )
        )

    def register(self) -> list[dict[str, Any]]:
        """Return what the register holds, without numbers: what does not depend on the order of filing."""
        places = {sha256: place for place, sha256 in self.hashes.items()}
        with self.store.reading() as session:
            rows = session.exec(select(SubmissionRow).where(SubmissionRow.status != "merged")).all()
            told = [_told(session, row, places) for row in rows]
        return sorted(told, key=lambda one: (one["mails"], one["pending"], one["applicant"]))

    def asked(self) -> list[dict[str, Any]]:
        """Return the open questions to staff, by mail."""
        places = {sha256: place for place, sha256 in self.hashes.items()}
        with self.store.reading() as session:
            rows = session.exec(select(SuggestionRow).where(SuggestionRow.state == "open")).all()
            return sorted(
                ({"mail": places[row.message], "kind": row.kind, "files": sorted(row.paths)} for row in rows),
                key=lambda one: (one["mail"], one["kind"], one["files"]),
            )


def mail_id(place: int) -> str:
    """Return the Message-ID of the told mail at this place."""
    return f"<mail-{place}@sender.example>"


def reading_of(
    place: int, mail: Mail, sha256: str, *, refs: tuple[str, ...] = (), number: str = "", size: int = 1000
) -> MailReading:
    """Return a told mail as readers would have read it; ``number`` replaces ``{number}`` in subject and text."""
    return MailReading(
        sha256=sha256,
        size=size,
        message_id=mail_id(place),
        subject=mail.subject.replace("{number}", number),
        text=mail.text.replace("{number}", number),
        sender=Address(mail.name, mail.sender),
        cc=tuple(Address("", one) for one in mail.cc),
        in_reply_to=refs[:1],
        references=refs,
        signature=mail.signature,
        machine=mail.machine or None,
        notice=Notice.AUTO_REPLY if mail.intent == "machine" else None,
        forwarded=mail.forwarded,
        authentication=Authentication(AuthVerdict(mail.auth)),
        intent=Intent(mail.intent),
        withdrawal=mail.text if mail.intent == "withdrawal" else "",
        leaves=tuple(file.read() for file in mail.files),
    )


def _entry(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}


def _told(session: Session, row: SubmissionRow, places: Mapping[str, int]) -> dict[str, Any]:
    applicant = session.get(ApplicantRow, row.applicant_id)
    links = session.exec(select(SubmissionMessageRow).where(SubmissionMessageRow.submission_id == row.id)).all()
    versions = session.exec(
        select(VersionRow, LeafRow).where(VersionRow.leaf_id == LeafRow.id).where(VersionRow.submission_id == row.id)
    ).all()
    states: dict[str, list[str]] = {}
    for version, leaf in versions:
        states.setdefault(version.state, []).append(f"{places[leaf.message]}:{leaf.path}")
    second = session.exec(select(SubmissionRow).where(SubmissionRow.number == row.second_case_of)).first()
    return {
        "applicant": applicant.name if applicant else "",
        "code": applicant.credit_code if applicant else "",
        "certain": row.applicant_certain,
        "recommender": row.recommender,
        "second": second is not None,
        "mails": sorted(places[one.message] for one in links if one.relation not in {"pending", "concerns"}),
        "pending": sorted(places[one.message] for one in links if one.relation == "pending"),
        "concerns": sorted(places[one.message] for one in links if one.relation == "concerns"),
        "current": sorted(states.get("current", [])),
        "superseded": sorted(states.get("superseded", [])),
        "held": sorted(states.get("pending", [])),
    }


def file_of(table: Mapping[str, Any]) -> File:
    """Return a file as a story's table tells it."""
    return File(**_entry(table))


def mail_of(table: Mapping[str, Any]) -> Mail:
    """Return a mail as a story's table tells it."""
    plain = {key: value for key, value in table.items() if key != "files"}
    return Mail(files=tuple(file_of(one) for one in table.get("files", ())), **_entry(plain))
