"""Enterprises (申报单位) as kept: known by credit code, else by normalised full name, else by what staff remembered."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import Session, col, select

from parsers.names.company import normalise_name
from store import journal
from store.states import AliasKind
from store.tables import AliasRow, ApplicantRow, SubmissionRow


def find_applicant(session: Session, name: str, credit_code: str = "") -> ApplicantRow | None:
    """Return the enterprise of this credit code, else of exactly this name or of a name that staff tied to one."""
    if credit_code:
        query = select(ApplicantRow).where(ApplicantRow.credit_code == credit_code).order_by(col(ApplicantRow.id))
        if row := session.exec(query).first():
            return row
    normal = normalise_name(name)
    if not normal:
        return None
    query = select(ApplicantRow).where(ApplicantRow.normal_name == normal).order_by(col(ApplicantRow.id))
    for row in session.exec(query):
        if not (credit_code and row.credit_code):
            return row
    return find_alias(session, AliasKind.NAME, normal)


def names_of_call(session: Session, call_id: str) -> tuple[str, ...]:
    """Return the names of the enterprises that are in the call's register, each once."""
    query = select(ApplicantRow.name).join(SubmissionRow, col(SubmissionRow.applicant_id) == ApplicantRow.id)
    names = session.exec(query.where(SubmissionRow.call == call_id).order_by(col(SubmissionRow.serial))).all()
    return tuple(dict.fromkeys(name for name in names if name))


def ensure_applicant(session: Session, name: str, credit_code: str = "", contact: str = "") -> ApplicantRow:
    """Return the enterprise, entered now where it is new; an empty name is always a new, unknown one."""
    row = find_applicant(session, name, credit_code) if name or credit_code else None
    if row is None:
        row = ApplicantRow(name=name, normal_name=normalise_name(name), credit_code=credit_code, contact=contact)
    row.credit_code = row.credit_code or credit_code
    row.contact = row.contact or contact
    session.add(row)
    session.flush()
    return row


def name_applicant(session: Session, row: ApplicantRow, name: str, credit_code: str = "") -> None:
    """Give an enterprise its name, where it was unknown or staff correct it."""
    row.name, row.normal_name = name, normalise_name(name)
    row.credit_code = credit_code or row.credit_code
    session.add(row)
    session.flush()


def find_alias(session: Session, kind: AliasKind, key: str) -> ApplicantRow | None:
    """Return the enterprise that staff tied to this sender, domain or name."""
    row = session.exec(select(AliasRow).where(AliasRow.kind == kind, AliasRow.key == key)).first()
    return session.get(ApplicantRow, row.applicant_id) if row else None


def remember_alias(
    session: Session, kind: AliasKind, key: str, applicant_id: int, *, by: str, reason: str, at: datetime
) -> AliasRow:
    """Remember that a sender, domain or name means this enterprise; a later decision replaces an earlier one.

    A name is remembered in its normalised form. ``ValueError`` for an empty key.
    """
    key = normalise_name(key) if kind is AliasKind.NAME else key.strip().lower()
    if not key:
        message = "归属规则要写明发件地址、域名或单位名称，不能为空。"
        raise ValueError(message)
    row = session.exec(select(AliasRow).where(AliasRow.kind == kind, AliasRow.key == key)).first()
    row = row or AliasRow(kind=kind, key=key, applicant_id=applicant_id, at=at)
    row.applicant_id, row.by, row.reason, row.at = applicant_id, by, reason, at
    session.add(row)
    session.flush()
    applicant = session.get(ApplicantRow, applicant_id)
    name = applicant.name if applicant else ""
    sentence = f"{by} 记下归属规则：{_KINDS[kind]}“{key}”归“{name}”。{reason}"
    journal.write(
        session, at, by, "alias-remembered", f"applicant:{applicant_id}", sentence, {"kind": kind, "key": key}
    )
    return row


_KINDS = {AliasKind.SENDER: "发件地址", AliasKind.DOMAIN: "域名", AliasKind.NAME: "单位名称"}
