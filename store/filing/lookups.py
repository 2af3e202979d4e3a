"""What attribution may look up (归属查询), answered from the tables."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein
from sqlalchemy import and_, or_
from sqlmodel import Session, col, select
from sqlmodel.sql.expression import SelectOfScalar

from config.call import Call
from parsers.facts.leaf import Role
from parsers.facts.mails import Notice
from parsers.names.company import Sameness, mention, normalise_name, same_company, short_name
from store import lists, watermarks
from store.dossier.known_submission import KnownSubmission, Remembered, domain_of
from store.filing.applicants import find_alias
from store.filing.submissions import by_number, of_sender
from store.states import AliasKind, LetterState, Relation, Standing
from store.tables import (
    ApplicantRow,
    LeafRow,
    LetterRow,
    LookRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    VersionRow,
)

CALLED = 0.7
"""Likeness of a short name in a text from which it calls that firm."""

TAKEN_BACK = "taken-back:"
"""Under this and a mail's hash stands that staff took it back from what was set aside."""

_ADDRESS = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")


class StoreLookups:
    """The look-ups of one attribution inside one transaction; nothing here writes.

    ``mail`` is the mail that is placed: what was received after it is no reason to place it by its files.
    """

    def __init__(self, session: Session, call: Call, mail: MessageRow | None = None) -> None:
        self.session = session
        self.call = call
        self.mail = mail

    def by_letters(self, message_ids: Sequence[str]) -> KnownSubmission | None:
        """Return the submission of the newest letter of ours that carries one of these Message-IDs."""
        if not message_ids:
            return None
        query = select(LetterRow).where(
            col(LetterRow.message_id).in_(_with_and_without_brackets(message_ids)),
            col(LetterRow.submission_id).is_not(None),
        )
        for letter in self.session.exec(query.order_by(col(LetterRow.id).desc())):
            row = self.session.get(SubmissionRow, letter.submission_id)
            row = by_number(self.session, row.number) if row else None
            if row and row.call == self.call.id:
                return self._known(row)
        return None

    def by_threads(self, message_ids: Sequence[str]) -> tuple[KnownSubmission, ...]:
        """Return the submissions that earlier mails with these Message-IDs were filed in."""
        if not message_ids:
            return ()
        query = (
            select(SubmissionRow)
            .join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id)
            .join(MessageRow, col(MessageRow.sha256) == SubmissionMessageRow.message)
            .where(col(MessageRow.message_id).in_(_with_and_without_brackets(message_ids)))
            .where(SubmissionMessageRow.relation != Relation.PENDING, SubmissionRow.call == self.call.id)
            .distinct()
            .order_by(col(SubmissionRow.serial))
        )
        return self._live(self.session.exec(query))

    def by_number(self, number: str) -> KnownSubmission | None:
        """Return the submission of this 受理编号; a merged one's number leads to the one that took it in."""
        row = by_number(self.session, number)
        return self._known(row) if row and row.call == self.call.id else None

    def by_credit_code(self, code: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions of the enterprise with this code."""
        query = self._submissions().where(ApplicantRow.credit_code == code) if code else None
        return self._live(self.session.exec(query)) if query is not None else ()

    def by_name(self, name: str) -> tuple[tuple[KnownSubmission, Sameness], ...]:
        """Return submissions whose applicant has this name, certainly or likely, certain ones first."""
        normal = normalise_name(name)
        if not normal:
            return ()
        alias = find_alias(self.session, AliasKind.NAME, normal)
        ids = {row.id for row in self._applicants if row.normal_name == normal} | ({alias.id} if alias else set())
        certain = self._of_applicants(ids)
        alike = self._alike(normal, {known.applicant_id for known in certain})
        return (*((known, Sameness.CERTAIN) for known in certain), *alike)

    def by_sender(self, address: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions, not withdrawn, that this address sent something to."""
        if not address:
            return ()
        found = (self._known(row) for row in of_sender(self.session, self.call.id, address))
        return tuple(known for known in found if not known.withdrawn)

    def by_domain(self, domain: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions, not withdrawn, that somebody of this mail domain sent something to."""
        query = (
            select(SubmissionRow)
            .join(SubmissionMessageRow, col(SubmissionMessageRow.submission_id) == SubmissionRow.id)
            .join(MessageRow, col(MessageRow.sha256) == SubmissionMessageRow.message)
            .where(col(MessageRow.sender_address).endswith(f"@{domain}", autoescape=True))
            .where(SubmissionMessageRow.relation != Relation.PENDING, SubmissionRow.call == self.call.id)
            .distinct()
            .order_by(col(SubmissionRow.serial))
        )
        return tuple(known for known in self._live(self.session.exec(query)) if not known.withdrawn)

    def mentioned(self, text: str) -> tuple[KnownSubmission, ...]:
        """Return the submissions, not withdrawn, whose firm a text calls by its short name."""
        ids = {row.id for row in self._applicants if row.name and mention(text, row.name) >= CALLED}
        return tuple(known for known in self._of_applicants(ids) if not known.withdrawn)

    def written_to(self, address: str) -> bool:
        """Whether a letter of ours went to this address."""
        query = select(LetterRow.id).where(LetterRow.to_address == address, LetterRow.state == LetterState.SENT)
        return bool(address) and self.session.exec(query).first() is not None

    def lay_in_junk(self) -> bool:
        """Whether the mail that is placed lies in a junk folder, unconfirmed."""
        return self.mail is not None and self.mail.junk

    def taken_back(self) -> bool:
        """Whether staff took the mail that is placed back from what was set aside."""
        return self.mail is not None and watermarks.get(self.session, f"{TAKEN_BACK}{self.mail.sha256}") is not None

    def desk_before(self, address: str) -> bool:
        """Whether a help desk's own message came from this address before the mail that is placed."""
        if self.mail is None or not address:
            return False
        query = select(MessageRow).where(MessageRow.sender_address == address, MessageRow.received < self.mail.received)
        return any((row.reading or {}).get("notice") == Notice.DESK.value for row in self.session.exec(query))

    def by_files(self, hashes: Iterable[str]) -> tuple[KnownSubmission, ...]:
        """Return the submissions that hold one of these very files from a mail received before the one placed."""
        query = (
            select(SubmissionRow)
            .join(VersionRow, col(VersionRow.submission_id) == SubmissionRow.id)
            .join(LeafRow, col(LeafRow.id) == VersionRow.leaf_id)
            .where(col(LeafRow.sha256).in_(set(hashes)), VersionRow.standing != Standing.PENDING)
            .where(SubmissionRow.call == self.call.id)
            .distinct()
            .order_by(col(SubmissionRow.serial))
        )
        if self.mail is not None:
            received, sha256 = self.mail.received, self.mail.sha256
            earlier = or_(
                col(MessageRow.received) < received,
                and_(col(MessageRow.received) == received, col(MessageRow.sha256) < sha256),
            )
            query = query.join(MessageRow, col(MessageRow.sha256) == LeafRow.message).where(earlier)
        return self._live(self.session.exec(query))

    def remembered(self, address: str) -> Remembered | None:
        """Return the enterprise that staff tied to this address, or to its domain."""
        for kind, key in ((AliasKind.SENDER, address), (AliasKind.DOMAIN, domain_of(address))):
            row = find_alias(self.session, kind, key) if key else None
            if row:
                return Remembered(row.id or 0, row.name, kind, row.credit_code)
        return None

    def listed_name(self, name: str, credit_code: str) -> str:
        """Return the full name that the lists use for this enterprise; empty where they do not have it."""
        entry = lists.listed_enterprise(self.session, name, credit_code)
        return entry.name if entry else ""

    def listed_recommender(self, address: str) -> str:
        """Return the recommender whose listed address this is; empty where it is none's."""
        entry = lists.recommender_by_address(self.session, address)
        return entry.name if entry else ""

    def listed_body(self, name: str) -> str:
        """Return the full name that the list of recommenders uses for a body; empty where it does not have it."""
        entry = lists.recommender_of(self.session, name)
        return entry.name if entry else ""

    @cached_property
    def _applicants(self) -> Sequence[ApplicantRow]:
        query = select(ApplicantRow).join(SubmissionRow, col(SubmissionRow.applicant_id) == ApplicantRow.id)
        return self.session.exec(query.where(SubmissionRow.call == self.call.id).distinct()).all()

    def _alike(self, normal: str, taken: set[int]) -> tuple[tuple[KnownSubmission, Sameness], ...]:
        """Find names that may be the same enterprise's: near in letters, or the same without place and legal form."""
        rows = {row.id: row for row in self._applicants if row.normal_name and row.id not in taken}
        names = {number: row.normal_name for number, row in rows.items()}
        near = process.extract(normal, names, scorer=Levenshtein.distance, score_cutoff=3, limit=20)
        short = short_name(normal)
        ids = {number for _, _, number in near} | {n for n, other in names.items() if short and short in other}
        kinds = {number: same_company(normal, names[number]) for number in ids}
        found = self._of_applicants({number for number, kind in kinds.items() if kind is not Sameness.NO})
        return tuple((known, kinds[known.applicant_id]) for known in found)

    def _of_applicants(self, ids: set[int | None]) -> tuple[KnownSubmission, ...]:
        if not ids:
            return ()
        return self._live(self.session.exec(self._submissions().where(col(ApplicantRow.id).in_(ids))))

    def _submissions(self) -> SelectOfScalar[SubmissionRow]:
        return (
            select(SubmissionRow)
            .join(ApplicantRow, col(ApplicantRow.id) == SubmissionRow.applicant_id)
            .where(SubmissionRow.call == self.call.id)
            .order_by(col(SubmissionRow.serial))
        )

    def _live(self, rows: Iterable[SubmissionRow]) -> tuple[KnownSubmission, ...]:
        """Follow merged ones to where they went; each submission once."""
        found: dict[int, KnownSubmission] = {}
        for row in list(rows):
            kept = by_number(self.session, row.number)
            if kept and kept.id not in found:
                found[kept.id or 0] = self._known(kept)
        return tuple(found.values())

    def _known(self, row: SubmissionRow) -> KnownSubmission:
        applicant = self.session.get(ApplicantRow, row.applicant_id)
        name = applicant.name if applicant else ""
        code = applicant.credit_code if applicant else ""
        looks = self._looks(row)
        senders, writers = self._senders(row, looks)
        return KnownSubmission(
            id=row.id or 0,
            number=row.number,
            applicant_id=row.applicant_id,
            applicant=name,
            credit_code=code,
            certain=row.applicant_certain,
            withdrawn=row.withdrawn,
            senders=senders | lists.contact_addresses(self.session, name, code),
            domains=frozenset(filter(None, map(domain_of, writers))),
            case_titles=_case_titles(looks),
            recommender=row.recommender,
            first_received=row.first_received,
        )

    def _senders(self, row: SubmissionRow, looks: _Looks) -> tuple[frozenset[str], frozenset[str]]:
        """Return the addresses that count as this submission's own, and those of them that wrote themselves."""
        query = (
            select(SubmissionMessageRow, MessageRow)
            .where(SubmissionMessageRow.message == MessageRow.sha256)
            .where(SubmissionMessageRow.submission_id == row.id, SubmissionMessageRow.relation != Relation.PENDING)
        )
        own = {contact.email for contact in self.call.contacts}
        writers: set[str] = set()
        named: set[str] = set()
        for link, message in self.session.exec(query):
            writers.add(message.sender_address)
            reading = message.reading or {}
            if link.relation != Relation.BUNDLE:
                named |= {one.get("address", "") for key in ("reply_to", "cc") for one in reading.get(key, ())}
        named |= _addresses_on_forms(looks)
        return frozenset((writers | named) - own - {""}), frozenset(writers - own - {""})

    def _looks(self, row: SubmissionRow) -> _Looks:
        """Return what was read in the submission's forms and reports that count, oldest first."""
        query = (
            select(LeafRow.role, LookRow.look)
            .where(VersionRow.leaf_id == LeafRow.id, LookRow.sha256 == LeafRow.sha256)
            .where(VersionRow.submission_id == row.id, VersionRow.material != "")
            .where(col(LeafRow.role).in_([Role.FORM.value, Role.REPORT.value]))
            .where(VersionRow.standing != Standing.PENDING, VersionRow.standing != Standing.REFUSED)
            .order_by(col(LeafRow.id))
        )
        return [(Role(role), dict(look)) for role, look in self.session.exec(query)]


_Looks = list[tuple[Role, dict[str, Any]]]
"""Roles of files with what was read in them, as stored."""


def _addresses_on_forms(looks: _Looks) -> set[str]:
    """Return the mail addresses that the submission's own forms name as contact."""
    found: set[str] = set()
    for role, look in looks:
        form = (look.get("scan") or {}).get("form") or {}
        if role is Role.FORM:
            found |= {address.lower() for address in _ADDRESS.findall(form.get("contact", ""))}
    return found


def _case_titles(looks: _Looks) -> tuple[str, ...]:
    titles: dict[str, None] = {}
    for role, look in looks:
        if role is Role.FORM:
            form = (look.get("scan") or {}).get("form") or {}
            titles[(form.get("case_title") or {}).get("value", "")] = None
        else:
            titles[(look.get("report") or {}).get("title", "")] = None
    titles.pop("", None)
    return tuple(titles)


def _with_and_without_brackets(message_ids: Sequence[str]) -> list[str]:
    bare = [one.strip().strip("<>") for one in message_ids if one.strip()]
    return [form for one in bare for form in (one, f"<{one}>")]
