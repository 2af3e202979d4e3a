"""An older state of the database, known by our own letters in the sent folder (旧库): who was answered already.

A database that was put back to an earlier state knows nothing of the letters that went out since, and would send them
again. Where the sent folder holds a letter of this site that the database never attempted, all letters are held until
staff say so. Staff then have them adopted: what lies in Sent counts as sent, and the rest is let go.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from config.settings import Settings, load_secret
from flows.replies.letter import TO_STAFF
from flows.replies.mime import BEIJING
from flows.steps.deliver.sent_copies import PROOF, bare
from flows.transport.ports import FolderRefused, FolderRole, FolderStatus, Mailbox
from parsers.mail.token import instance_of, is_token
from store import journal, watermarks
from store.engine import Store, Transaction
from store.letters import earlier_letters, outbox
from store.letters.earlier_letters import OlderState, Why
from store.site import site_of
from store.states import LetterState
from store.tables import LetterRow

SEEN = "sent-seen"
"""How far each folder was looked through, so that only what is new is asked for."""

_LOOK_BACK = 1000
"""Newest mails of a folder that one look goes through: the newest letter alone would tell."""
_ALWAYS = 50
"""Newest mails that are looked at although their numbers were seen: some servers number anew without saying so."""
_ALL = 20_000
"""Newest mails of a folder among which letters are adopted: more than any season sends."""

_HEADERS = ("MESSAGE-ID", "X-OQ-MSGID", "X-ZHENGJI-ID", "IN-REPLY-TO")
_FIELD = re.compile(rb"^([!-9;-~]+):[ \t]*((?:.|\r?\n[ \t])*)", re.MULTILINE)
_IDENTITY = re.compile(r"[^\s<>]+@[^\s<>]+")
_WENT = frozenset({LetterState.SENT, LetterState.BOUNCED, LetterState.DRAFTED})


@dataclass(frozen=True, slots=True)
class Signs:
    """By what a letter in Sent is known as ours."""

    names: frozenset[str]
    """What stands before the slash in X-Zhengji-ID: the site's id, and what stood there before there was one."""
    secret: bytes
    """The key of our Message-IDs, for providers that drop our header."""
    roles: tuple[FolderRole, ...] = (FolderRole.SENT,)
    """Folders in which our letters may lie."""

    @property
    def went(self) -> LetterState:
        """What a letter is that lies there: sent, or in drafts mode left to staff."""
        return LetterState.DRAFTED if FolderRole.DRAFTS in self.roles else LetterState.SENT


@dataclass(frozen=True, slots=True)
class Copy:
    """One letter of ours in the mailbox."""

    message_id: str
    answers: str
    """Message-ID of the mail that it answers."""
    folder: str
    uid: int
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Adopted:
    """What became of the letters when staff let them go again (认领结果)."""

    adopted: int
    """Letters that waited here and lie in Sent: sent."""
    noted: int
    """Letters in Sent that no row has: they are adopted as soon as they are made again."""
    held: int
    free: int
    copies: bool
    """Whether the mailbox surely saves what we send."""

    def sentence(self) -> str:
        """Say it in one Chinese sentence."""
        copies = "" if self.copies else "邮箱不保存发信副本，不能证明的逐封留待放行；"
        parts = (
            f"认领已发回信 {self.adopted + self.noted} 封（其中 {self.noted} 封待重新拟出时认领）",
            f"放行 {self.free} 封",
            f"留待经办 {self.held} 封",
        )
        return f"{copies}{'，'.join(parts)}；已恢复发信。"


def signs_of(store: Store, settings: Settings) -> Signs:
    """Return by what our letters are known in this mailbox."""
    secret = load_secret(settings)
    with store.reading() as session:
        names = {site_of(session), instance_of(secret)} - {""}
    drafts = settings.reply_mode == "draft"
    return Signs(frozenset(names), secret, (FolderRole.SENT, FolderRole.DRAFTS) if drafts else (FolderRole.SENT,))


def compare(store: Store, mailbox: Mailbox, signs: Signs, now: datetime) -> OlderState | None:
    """Look into the sent folder and hold all letters where the database is an older state; return what is held.

    The folder is read before the database: what lies there was claimed and committed before it went. One EXAMINE and
    one SEARCH a look, and the headers of what came since; ``TransportError`` where the mailbox fails.
    """
    with store.reading() as session:
        held = earlier_letters.older_state(session)
        seen = {} if held else json.loads(watermarks.get(session, SEEN) or "{}")
    copies, upto = _copies(mailbox, signs, seen, _LOOK_BACK)
    with store.reading() as session:
        unknown = [one for one in copies if not _known(session, one)]
        late = [one for one in copies if _waits_though_tried(session, one)]
        same = not unknown and not late and not held
    if same and upto == seen:
        return None
    newest = _newest(mailbox, unknown)
    with store.transaction() as session:
        watermarks.put(session, SEEN, json.dumps(upto), now)
        for one in late:
            row = outbox.by_trace(session, one.message_id)
            if row is not None:
                earlier_letters.note_adopted(session, row, now, now, signs.went)
        return _judge(session, copies, unknown, newest, now)


def _judge(
    session: Transaction, copies: Sequence[Copy], unknown: Sequence[Copy], newest: datetime | None, now: datetime
) -> OlderState | None:
    """Hold all letters, go on holding them, or let them go where the newest state is proved."""
    held = earlier_letters.older_state(session)
    if unknown:
        found = OlderState(Why.SENT, len(unknown), newest.astimezone(BEIJING).isoformat() if newest else "")
        if held is None or (held.unknown, held.newest) != (found.unknown, found.newest):
            journal.write(session, now, journal.SYSTEM, "older-state", "sending:", found.sentence())
            earlier_letters.hold_all(session, found, now)
        return found
    if held is not None and held.why is Why.RESTORED and _proved(session, copies):
        earlier_letters.end_hold(session)
        sentence = "已发送中的回信数据库都知道，恢复的是最新状态，回信照常发出。"
        journal.write(session, now, journal.SYSTEM, "newest-state", "sending:", sentence)
        return None
    return held


def adopt(store: Store, mailbox: Mailbox, signs: Signs, now: datetime, actor: str, *, release_all: bool) -> Adopted:
    """Take over from Sent what went out before this state of the database, and let the other letters go.

    Where the mailbox saves no copies, what may have gone out already stays with staff letter by letter, unless they
    ``release_all``. ``TransportError`` where the mailbox fails: then nothing is changed.
    """
    copies, upto = _copies(mailbox, signs, {}, _ALL)
    copies = _with_moments(mailbox, copies)
    with store.transaction() as session:
        proved = _proved(session, copies)
        adopted = noted = 0
        for one in copies:
            row = outbox.by_trace(session, one.message_id)
            if row is None:
                noted += not earlier_letters.went(session, one.message_id)
                earlier_letters.note_went(session, one.message_id, one.answers, one.at or now, now)
            elif row.state not in _WENT:
                adopted += 1
                earlier_letters.note_adopted(session, row, one.at or now, now, signs.went)
        if not proved and not release_all:
            earlier_letters.no_proof_before(session, now, now)
        held, free = earlier_letters.settle_waiting(session, now, proved=proved or release_all, to_staff=TO_STAFF)
        earlier_letters.end_hold(session)
        watermarks.put(session, SEEN, json.dumps(upto), now)
        done = Adopted(adopted, noted, held, free, proved)
        journal.write(session, now, actor, "letters-adopted", "sending:", done.sentence())
    return done


def _known(session: Transaction, one: Copy) -> bool:
    """Whether the database knows that it tried to send this letter, or staff adopted it."""
    row = outbox.by_trace(session, one.message_id)
    if row is None:
        return earlier_letters.went(session, one.message_id)
    return row.attempts > 0 or row.state in _WENT


def _waits_though_tried(session: Transaction, one: Copy) -> bool:
    """Whether this letter was tried, waits here, and went out all the same (a late copy, an older state)."""
    row = outbox.by_trace(session, one.message_id)
    return row is not None and row.attempts > 0 and row.state in outbox.OPEN_STATES


def _proved(session: Transaction, copies: Sequence[Copy]) -> bool:
    """Whether the newest letters that surely went out lie in Sent: only then its silence means anything."""
    there = {one.message_id for one in copies}
    went = outbox.in_state(session, LetterState.SENT, LetterState.DRAFTED)
    sure: list[LetterRow] = sorted(went, key=lambda row: row.id or 0)[-PROOF:]
    return bool(sure) and all(bare(row.message_id) in there for row in sure)


def _copies(
    mailbox: Mailbox, signs: Signs, seen: dict[str, list[int | None]], most: int
) -> tuple[list[Copy], dict[str, list[int | None]]]:
    """Return our letters in the mailbox, oldest first in each folder, and how far each folder was looked through."""
    found: list[Copy] = []
    upto: dict[str, list[int | None]] = {}
    for folder in mailbox.folders():
        if folder.role not in signs.roles:
            continue
        try:
            status = mailbox.examine(folder.name)
        except FolderRefused:
            continue
        uids, upto[folder.name] = _to_look_at(mailbox, status, seen.get(folder.name), most)
        for uid, head in sorted(mailbox.headers(folder.name, uids, _HEADERS).items()):
            fields = _fields(head)
            identity = _ours(fields, signs)
            if identity:
                found.append(Copy(identity, bare(fields.get("in-reply-to", "")), folder.name, uid))
    return found, upto


def _to_look_at(
    mailbox: Mailbox, status: FolderStatus, seen: list[int | None] | None, most: int
) -> tuple[list[int], list[int | None]]:
    """Return the UIDs to ask for, and the mark for the next look; nothing where nothing came since."""
    mark = [status.uidvalidity, status.exists, status.uidnext]
    if seen is not None and seen[:3] == mark and status.uidnext is not None and status.uidvalidity_tells:
        return [], seen
    uids = mailbox.uids(status.name)
    last = seen[3] or 0 if seen is not None and seen[0] == status.uidvalidity else 0
    first_new = next((place for place, uid in enumerate(uids) if uid > last), len(uids))
    start = max(min(first_new, len(uids) - _ALWAYS), len(uids) - most, 0)
    return list(uids[start:]), [*mark, uids[-1] if uids else 0]


def _fields(head: bytes) -> dict[str, str]:
    return {
        name.decode("ascii").lower(): " ".join(value.decode("utf-8", "replace").split())
        for name, value in _FIELD.findall(head)
    }


def _ours(fields: dict[str, str], signs: Signs) -> str:
    """Return the Message-ID under which we made this letter; empty where it is not of this site."""
    site, slash, identity = fields.get("x-zhengji-id", "").partition("/")
    if slash:
        return bare(identity) if site.strip() in signs.names else ""
    for name in ("message-id", "x-oq-msgid"):
        for one in _IDENTITY.findall(fields.get(name, "")):
            if is_token(signs.secret, one.rpartition("@")[0]):
                return str(one)
    return ""


def _newest(mailbox: Mailbox, copies: Sequence[Copy]) -> datetime | None:
    """Return when the newest of these was put into the mailbox."""
    if not copies:
        return None
    moments = [one.at for one in _with_moments(mailbox, [copies[-1]]) if one.at is not None]
    return max(moments, default=None)


def _with_moments(mailbox: Mailbox, copies: Sequence[Copy]) -> list[Copy]:
    """Return the copies with the moment at which each was put into the mailbox."""
    at: dict[tuple[str, int], datetime] = {}
    for folder in dict.fromkeys(one.folder for one in copies):
        uids = [one.uid for one in copies if one.folder == folder]
        at |= {(folder, uid): mail.received for uid, mail in mailbox.describe(folder, uids).items()}
    return [replace(one, at=at.get((one.folder, one.uid))) for one in copies]
