"""Plays a told season through the line (演一季): read, filed, answered, sent, reminded."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from pathlib import Path

from sqlmodel import col, select

from config.load import find_call, load_call
from config.settings import load_settings
from flows.demo.letterbox import JUNK, SENT, Letterbox
from flows.steps.answer.remind import queue_reminders
from flows.steps.cycle import answer_waiting
from flows.steps.deliver.send import budgets_of, deliver
from flows.steps.filing.examine import examine, take_next
from flows.steps.intake.poll import poll_mailbox
from flows.steps.lists.import_list import import_list
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import Task, waiting
from flows.steps.workshop import Workshop
from parsers.containers.unpack import Unpacked
from parsers.facts.context import ReadContext
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading
from parsers.facts.spool import FolderSpool
from parsers.mail.bounce import find_bounce
from parsers.mail.message import decode_mail
from parsers.read import compose, look_at_all, open_parts
from store.engine import Store
from store.tables import FindingRow, JournalRow, LetterRow, MessageRow, SubmissionRow
from tests.contract.fake import FakeMailbox, FakeSender
from tests.seasons_by_others.making import Maker
from tests.seasons_by_others.told import Mail, Season

US = "zjzjtxqycjfh@163.com"
CALL = "cases-2026"
FOLDERS = {"INBOX": "INBOX", "垃圾邮件": JUNK, "广告邮件": "广告邮件", "病毒文件夹": "病毒邮件"}
_POLL = timedelta(minutes=1)


@dataclass
class KnowingReader:
    """Reads in this process, with the looks that the truth tells of scanned forms."""

    spool: FolderSpool
    context: ReadContext
    known: dict[tuple[str, str], Look]
    seen: dict[str, Look]
    """Looks of earlier seasons, by hash and name, so that equal files are looked at once."""

    def read(self, raw: Path, received: datetime | None = None, passwords: tuple[str, ...] = ()) -> MailReading:
        data = raw.read_bytes()
        mail = decode_mail(data, self.spool)
        unpacked = open_parts(mail, mail.parts, self.spool, None, passwords)
        looks = {} if find_bounce(mail) is not None else self._looks(unpacked)
        return compose(hashlib.sha256(data).hexdigest(), mail, unpacked, looks, self.context, (US,), received)

    def _looks(self, unpacked: Unpacked) -> dict[str, Look]:
        looks = {}
        for leaf in unpacked.leaves:
            ending = leaf.name.rpartition(".")[2].lower()
            key = f"{leaf.sha256}|{ending}"
            if (known := self.known.get((leaf.sha256, ending))) is not None:
                looks[leaf.path] = known
                continue
            if key not in self.seen:
                self.seen[key] = look_at_all((leaf,), self.spool, self.context)[leaf.path]
            looks[leaf.path] = self.seen[key]
        return looks

    def close(self) -> None:
        """End nothing: there is no child."""


@dataclass
class Playing:
    """One season being played in an empty store."""

    store: Store
    season: Season
    seen: dict[str, Look] = field(default_factory=dict)
    box: Letterbox = field(default_factory=Letterbox)
    sender: FakeSender = field(default_factory=lambda: FakeSender(US))
    raw: list[bytes] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    """Place of a mail (from 1) to the hash under which we keep it."""
    opened: dict[str, Task] = field(default_factory=dict)
    """Every task that ever stood open, by what it is about."""
    defects: dict[str, dict[str, str]] = field(default_factory=dict)
    """What was ever found to be 缺失: by 受理编号, the sentence for the applicant and the rule's code."""
    alter: Callable[[int, bytes], bytes | None] = lambda _place, raw: raw
    """Changes the raw mail at a place before it arrives; None where it never does."""
    now: datetime = field(init=False)

    def __post_init__(self) -> None:
        values = {
            "HOME": str(self.store.home),
            "CALL": CALL,
            "IMAP_USER": US,
            "SECRET": "for-stories-only-0123456789",
            "REPLY_MODE": "send",
            "SEND_INTERVAL_SECONDS": "0",
        }
        settings = load_settings({f"ZHENGJI_{key}": value for key, value in values.items()})
        call = load_call(find_call(CALL))
        self.maker = Maker(dict(self.season.firms))
        self.shop = Workshop(settings, call, self.store, self.store.home / "spool", ocr=False)
        context = ReadContext(call=call, ocr=False)
        spool = FolderSpool(self.shop.spool)
        self.shop.spool.mkdir(parents=True, exist_ok=True)
        self.shop.__dict__["reader"] = KnowingReader(spool, context, self.maker.known, self.seen)
        self.now = self.season.mails[0].at - timedelta(hours=1)

    def play(self) -> None:
        """Play all mails, and on until three days after the last, or the end of the call."""
        self._import_lists()
        for place, mail in enumerate(self.season.mails, 1):
            self.wait_until(mail.at)
            self._arrive(place, mail)
            self.wait_until(mail.at + _POLL)
            self._work()
        self.wait_until(max(self.season.mails[-1].at + timedelta(days=3), self.shop.call.window.closes))

    def wait_until(self, moment: datetime) -> None:
        """Let time pass; on the way is done what falls due, and each morning's reminders are made."""
        for _ in range(1000):
            due = min(one for one in (self._next_due(), self._next_morning()) if one is not None)
            if due > moment:
                break
            self.now = max(self.now, due)
            if due == self._morning(self.now):
                queue_reminders(self.store, self.shop.call, self.shop.settings, self.now)
            self._work()
        else:
            message = f"the office never comes to rest: {self.faults()[:1]}"
            raise AssertionError(message)
        self.now = max(self.now, moment)

    def letters(self) -> list[LetterRow]:
        """Return every letter that was made, oldest first."""
        with self.store.reading() as session:
            return list(session.exec(select(LetterRow).order_by(col(LetterRow.id))).all())

    def faults(self) -> list[str]:
        """Return what our own code failed at."""
        with self.store.reading() as session:
            rows = session.exec(select(JournalRow).where(JournalRow.action == "answer-failed")).all()
            mails = session.exec(select(MessageRow).where(MessageRow.last_error != "")).all()
            return [*(row.sentence for row in rows), *(mail.last_error for mail in mails)]

    def _arrive(self, place: int, mail: Mail) -> None:
        raw = self._post(place, mail)
        self.raw.append(raw)
        self.maker.mails.append(raw)
        altered = self.alter(place, raw)
        if altered is not None:
            self.hashes[place] = hashlib.sha256(altered).hexdigest()
            self.box.deliver(altered, mail.at, FOLDERS[mail.folder])

    def _work(self) -> None:
        poll_mailbox(self.store, lambda: FakeMailbox(self.box, US), self.shop.call, self.now)
        while taken := take_next(self.shop, self.now):
            examine(self.shop, taken, self.now)
        answer_waiting(self.shop, self.now)
        before = len(self.sender.taken)
        deliver(self.store, self.sender, budgets_of(self.shop.settings), self.now)
        for _, raw in self.sender.taken[before:]:
            self.box.deliver(raw, self.now, SENT)
        for task in waiting(self.shop, register_values(self.shop, self.now), self.now):
            self.opened.setdefault(f"{task.kind}|{task.about}|{task.letter or task.what[:24]}", task)
        with self.store.reading() as session:
            rows = session.exec(
                select(SubmissionRow.number, FindingRow)
                .where(FindingRow.submission_id == SubmissionRow.id)
                .where(FindingRow.verdict == "缺失")
            )
            for number, row in rows:
                self.defects.setdefault(number, {})[row.finding["defect"]] = row.code

    def _next_due(self) -> datetime | None:
        with self.store.reading() as session:
            moments = [
                *session.exec(select(SubmissionRow.answer_due)).all(),
                *session.exec(select(MessageRow.answer_due)).all(),
                *session.exec(select(LetterRow.not_before).where(LetterRow.state == "queued")).all(),
            ]
        return min((moment for moment in moments if moment is not None), default=None)

    def _next_morning(self) -> datetime:
        morning = self._morning(self.now)
        return morning if morning > self.now else morning + timedelta(days=1)

    def _morning(self, moment: datetime) -> datetime:
        local = moment.astimezone(self.shop.call.window.timezone)
        return local.replace(hour=9, minute=30, second=0, microsecond=0)

    def _import_lists(self) -> None:
        firms = self.season.firms.values()
        titled = [f"{firm.name},2024年第一批,2024-06-01,2027-05-31" for firm in firms if firm.titled]
        members = [f"{firm.name},{firm.code}" for firm in firms if firm.member]
        bodies = sorted({f"{firm.recommender},{_class_of(firm.recommender)}" for firm in firms if firm.recommender})
        for told, kind, name, head, rows in (
            ("titles", "title", "省级专精特新中小企业", "企业名称,批次,公布日期,有效期至", titled),
            ("members", "member", "会员名单", "会员名称,统一社会信用代码", members),
            ("bodies", "recommender", "推荐单位名单", "单位名称,类别", [one for one in bodies if "自荐" not in one]),
        ):
            if told in self.season.lists and rows:
                path = self.store.home / f"{told}.csv"
                path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
                import_list(self.store, path, kind=kind, name=name, as_of=date(2026, 3, 1), now=self.now)

    def _post(self, place: int, mail: Mail) -> bytes:
        message = EmailMessage(policy=policy.SMTP.clone(refold_source="none"))
        domain = mail.address.rpartition("@")[2]
        arrived = format_datetime(mail.at)
        message["Received"] = f"from mx.{domain} by mx27 (Coremail) with SMTP id {self.season.name}{place}; {arrived}"
        message["From"] = _addresses((mail.sender,))
        message["To"] = _addresses(mail.to)
        if mail.cc:
            message["Cc"] = _addresses(mail.cc)
        message["Subject"] = mail.subject
        message["Date"] = arrived
        message["Message-ID"] = f"<{self.season.name}-{place}@{domain}>"
        if answered := self._answered(mail):
            message["In-Reply-To"] = message["References"] = answered
        for name, value in mail.headers:
            message[name] = value
        message.set_content(mail.text, cte="base64")
        if mail.html:
            message.add_alternative(mail.html, subtype="html", cte="base64")
        for one in mail.files:
            message.add_attachment(
                self.maker.make(one), maintype="application", subtype="octet-stream", filename=one.name
            )
        for number, part in enumerate(one for one in message.walk() if one.is_multipart()):
            part.set_boundary(f"=_{self.season.name}_{place}_{number}")
        return message.as_bytes()

    def _answered(self, mail: Mail) -> str:
        if mail.reply_to_mail:
            answered = self.season.mails[mail.reply_to_mail - 1]
            return f"<{self.season.name}-{mail.reply_to_mail}@{answered.address.rpartition('@')[2]}>"
        if not mail.reply_to_letter:
            return ""
        brought = [one.address for one in self.season.mails if mail.reply_to_letter in one.truth.firms]
        sent = [one for one in self.letters() if one.state == "sent" and one.to_address in brought]
        return sent[-1].message_id if sent else ""


def _class_of(body: str) -> str:
    if body.startswith("浙江省"):
        return "省级行业协会"
    return f"设区市{body[body.index('市') + 1 :]}" if "市" in body else ""


def _addresses(told: tuple[str, ...]) -> list[Address]:
    pairs = [parseaddr(US if one == "us" else one) for one in told]
    return [Address(name, addr_spec=address) for name, address in pairs]
