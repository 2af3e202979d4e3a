"""What was read from mails and files (读取结果), kept so that nothing is read twice and every role can be queried."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter
from sqlmodel import Session, col, select

from parsers.facts.leaf import Role
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.facts.problem import Problem
from store.dossier.dossier import STOPPED_BY_US
from store.states import MessageState
from store.tables import LeafRow, LookRow, MessageRow, VersionRow

_READING = TypeAdapter(MailReading)
_LOOK = TypeAdapter(Look)
_PROBLEM = TypeAdapter(Problem)

GONE = -1
"""Positions at or below this belong to leaves that a later reading no longer found: their rows stay, and a reading that
finds them again takes them back."""


def save_reading(session: Session, reading: MailReading, reader_version: str) -> None:
    """Keep a reading under its mail's row: the mail without looks, one row for each leaf, the looks by file hash.

    ``KeyError`` where the mail was never taken in. Saving the same reading again changes nothing. Roles that staff
    corrected stay as they are.
    """
    message = mail_row(session, reading.sha256)
    bare = replace(reading, leaves=tuple(replace(leaf, look=None) for leaf in reading.leaves))
    message.reading = _READING.dump_python(bare, mode="json")
    message.message_id = reading.message_id or message.message_id
    message.subject, message.intent = reading.subject, reading.intent.value
    message.sender_name, message.sender_address = reading.sender.name, reading.sender.address
    message.reader_version = reader_version
    session.add(message)
    _save_leaves(session, reading)
    for leaf in reading.leaves:
        if leaf.look is not None:
            save_look(session, leaf.leaf.sha256, leaf.look, reader_version)
    session.flush()


def load_reading(session: Session, sha256: str) -> MailReading | None:
    """Return a mail as it was read, looks and staff's corrections included; None where it was not read yet."""
    message = session.get(MessageRow, sha256)
    if message is None or message.reading is None:
        return None
    reading = _READING.validate_python(message.reading)
    rows = leaf_rows(session, sha256)
    looks = load_looks(session, (row.sha256 for row in rows), message.reader_version)
    leaves = tuple(_corrected(leaf, row, looks.get(row.sha256)) for leaf, row in zip(reading.leaves, rows, strict=True))
    return replace(reading, leaves=leaves)


def same_mail(session: Session, reading: MailReading, *, junk: bool) -> str | None:
    """Return an examined mail that is the same as this one but for the way it took; None where there is none.

    Sent to two addresses of ours, a mail comes twice, with other Received lines and so with other bytes. Message-ID,
    sender, Date, subject, words and files must agree: some programs give every mail the same Message-ID, and people
    send the same question twice. A copy in the junk folder waits for staff and stands for no other.
    """
    if not reading.message_id or reading.date is None:
        return None
    query = select(MessageRow.sha256).where(
        MessageRow.message_id == reading.message_id,
        MessageRow.sha256 != reading.sha256,
        col(MessageRow.state).in_([MessageState.EXAMINED, MessageState.SETTLED]),
    )
    if not junk:
        query = query.where(col(MessageRow.junk).is_(False))
    for sha256 in session.exec(query.order_by(col(MessageRow.fetched), col(MessageRow.sha256))).all():
        other = load_reading(session, sha256)
        if other is not None and _gist(other) == _gist(reading):
            return sha256
    return None


def _gist(reading: MailReading) -> tuple[object, ...]:
    files = sorted((leaf.leaf.path, leaf.leaf.sha256) for leaf in reading.leaves)
    return (reading.sender.address, reading.date, reading.subject, reading.text, reading.quoted, files)


def mail_row(session: Session, sha256: str) -> MessageRow:
    """Return the row of a mail; ``KeyError`` where it was never taken in."""
    message = session.get(MessageRow, sha256)
    if message is None:
        raise KeyError(sha256)
    return message


def leaf_rows(session: Session, message: str) -> list[LeafRow]:
    """Return the rows of a mail's leaves in the order of its reading."""
    query = select(LeafRow).where(LeafRow.message == message, col(LeafRow.position) >= 0)
    return list(session.exec(query.order_by(col(LeafRow.position))).all())


def save_look(session: Session, sha256: str, look: Look, reader_version: str) -> None:
    """Keep what was read in a file, unless this version of the reader already read it whole."""
    row = session.get(LookRow, (sha256, reader_version))
    if row is not None and not _is_stopped(_LOOK.validate_python(row.look)):
        return
    row = row or LookRow(sha256=sha256, reader_version=reader_version)
    row.look = _LOOK.dump_python(look, mode="json")
    session.add(row)
    session.flush()


def load_look(session: Session, sha256: str, reader_version: str) -> Look | None:
    """Return what this version of the reader read in a file; None where it has not read it."""
    row = session.get(LookRow, (sha256, reader_version))
    return None if row is None else _LOOK.validate_python(row.look)


def load_looks(session: Session, hashes: Iterable[str], reader_version: str) -> dict[str, Look]:
    """Return what was read in files, by hash: by this version of the reader, else by the newest one that read them.

    What was seen before is never taken for nothing seen: a fault that an older reader found stays found until the file
    is read anew, and also where a limit of ours then stopped the reading. Files that nobody read are absent.
    """
    query = select(LookRow).where(col(LookRow.sha256).in_(set(hashes)))
    found: dict[str, list[tuple[tuple[bool, bool, int, str], Look]]] = defaultdict(list)
    for row in session.exec(query).all():
        look, version = _LOOK.validate_python(row.look), row.reader_version
        # Versions are numbers that grow.
        rank = (not _is_stopped(look), version == reader_version, len(version), version)
        found[row.sha256].append((rank, look))
    return {sha256: max(looks, key=lambda one: one[0])[1] for sha256, looks in sorted(found.items())}


def _is_stopped(look: Look) -> bool:
    return any(problem.code in STOPPED_BY_US for problem in look.problems)


def with_former_looks(session: Session, reading: MailReading, reader_version: str) -> MailReading:
    """Return a reading made anew with what was read before of each file that a limit of ours stopped this time.

    The file keeps its role, its caption and its look: a slow machine clears no fault and takes nothing away. What was
    never read whole stays stopped, and is staff's.
    """
    stopped = {leaf.leaf.sha256 for leaf in reading.leaves if leaf.look is not None and _is_stopped(leaf.look)}
    if not stopped:
        return reading
    looks = load_looks(session, stopped, reader_version)
    rows = {(row.path, row.sha256): row for row in leaf_rows(session, reading.sha256)}
    leaves = tuple(
        _as_before(leaf, rows.get((leaf.leaf.path, leaf.leaf.sha256)), looks.get(leaf.leaf.sha256))
        if leaf.leaf.sha256 in stopped
        else leaf
        for leaf in reading.leaves
    )
    return replace(reading, leaves=leaves)


def _as_before(leaf: ReadLeaf, row: LeafRow | None, look: Look | None) -> ReadLeaf:
    if row is None or look is None or _is_stopped(look):
        return leaf
    told = (leaf.caption, leaf.caption_from) if leaf.caption else (row.caption, row.caption_from)
    return replace(
        leaf, look=look, role=Role(row.role), reason=row.reason, sure=row.sure, caption=told[0], caption_from=told[1]
    )


def mails_read_before(session: Session, submission_id: int, reader_version: str) -> tuple[MessageRow, ...]:
    """Return the mails whose files lie in a submission and were last read by another version of the reader.

    Mails that staff settled are left out: nothing is decided by them any more.
    """
    query = (
        select(MessageRow)
        .join(LeafRow, col(LeafRow.message) == col(MessageRow.sha256))
        .join(VersionRow, col(VersionRow.leaf_id) == col(LeafRow.id))
        .where(VersionRow.submission_id == submission_id, MessageRow.reader_version != reader_version)
        .where(MessageRow.state != MessageState.SETTLED)
        .order_by(col(MessageRow.received), col(MessageRow.sha256))
        .distinct()
    )
    return tuple(session.exec(query).all())


def correct_role(session: Session, leaf_id: int, role: Role, by: str) -> LeafRow:
    """Set what a leaf is, as staff say; ``KeyError`` where there is no such leaf."""
    row = session.get(LeafRow, leaf_id)
    if row is None:
        raise KeyError(leaf_id)
    row.role, row.role_by, row.sure = role.value, by, True
    row.reason = f"经办 {by} 认定。"
    session.add(row)
    session.flush()
    return row


def problems_of(row: LeafRow) -> tuple[Problem, ...]:
    """Return a leaf's problems as values."""
    return tuple(_PROBLEM.validate_python(problem) for problem in row.problems)


def _corrected(leaf: ReadLeaf, row: LeafRow, look: Look | None) -> ReadLeaf:
    if row.role_by:
        return replace(leaf, role=Role(row.role), reason=row.reason, sure=True, look=look)
    return replace(leaf, look=look)


def _save_leaves(session: Session, reading: MailReading) -> None:
    """Match the rows with what was read now by path and hash: a leaf's row, and what was filed by it, stays its own."""
    old = list(session.exec(select(LeafRow).where(LeafRow.message == reading.sha256)).all())
    for place, row in enumerate(old):
        # The positions are handed out anew below, and no two rows may hold the same one meanwhile.
        row.position = -1_000_000 - place
        session.add(row)
    session.flush()
    for position, leaf in enumerate(reading.leaves):
        row = _take(old, leaf) or LeafRow(message=reading.sha256, position=position, sha256=leaf.leaf.sha256)
        _fill(row, leaf, position)
        session.add(row)
    for place, row in enumerate(old):
        row.position = GONE - place
        session.add(row)
    session.flush()


def _take(old: list[LeafRow], leaf: ReadLeaf) -> LeafRow | None:
    for row in old:
        if (row.path, row.sha256) == (leaf.leaf.path, leaf.leaf.sha256):
            old.remove(row)
            return row
    return None


def _fill(row: LeafRow, read: ReadLeaf, position: int) -> None:
    leaf = read.leaf
    row.position, row.path, row.name, row.size, row.type = position, leaf.path, leaf.name, leaf.size, leaf.type
    row.caption, row.caption_from = read.caption, read.caption_from
    if not row.role_by:
        row.role, row.reason, row.sure = read.role.value, read.reason, read.sure
    # What the container said of the leaf and what its content said are often the same problem.
    problems = dict.fromkeys((*leaf.problems, *(read.look.problems if read.look else ())))
    row.problems = [_json_problem(problem) for problem in problems]


def _json_problem(problem: Problem) -> dict[str, Any]:
    dumped: dict[str, Any] = _PROBLEM.dump_python(problem, mode="json")
    return dumped
