"""What a story left behind, written for people (台账与回信的文本): the goldens of ``tests/cases``."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header

from sqlmodel import Session, col, select

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.lists.quotas import quota_ledger, routes_ledger
from store.engine import Store
from store.states import SubmissionStatus, VersionState
from store.tables import (
    ApplicantRow,
    FindingRow,
    LeafRow,
    LetterRow,
    MessageRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)
from store.views.shelf import STATUS_NAMES
from tests.cases.office import Office
from tests.cases.telling import SHANGHAI
from tests.frozen_letters import bytes_of

NONE = "无信发出\n"
RELATIONS = {"opens": "立件", "supplements": "补件", "bundle": "批量", "pending": "待确认", "concerns": "有关"}
STATES = {
    VersionState.CURRENT: "现行",
    VersionState.SUPERSEDED: "已被替代",
    VersionState.PENDING: "待确认",
    VersionState.REFUSED: "不予采纳",
}
KINDS = {
    "submission": "申报",
    "supplement": "补件",
    "inquiry": "咨询",
    "machine": "自动邮件",
    "bounce": "退信",
    "irrelevant": "无关",
}
ASKED = {"leftover": "看不出属于哪一家", "maybe": "可能属于", "second-case": "是否第二个案例"}
_STAYED = {"held": "待人工放行", "queued": "等待发出", "failed": "发送失败", "cancelled": "作废"}


def register_text(office: Office) -> str:
    """Return mails, submissions with their files and findings, quotas, and what staff are asked."""
    with office.store.reading() as session:
        lines = [
            *_lists(office),
            *_mails(session, office),
            *_submissions(session, office),
            *_quotas(session, office),
            *_asked(session, office),
            *(f"经办：{sentence}" for sentence in office.said),
        ]
    return "\n".join(lines) + "\n"


def letters_text(office: Office) -> str:
    """Return every letter as its reader sees it, in the order of sending; those that wait for staff follow."""
    made = office.letters()
    sent = [row for row in made if row.state == "sent"]
    held = [row for row in made if row.state not in {"sent", "cancelled"}]
    parts = [
        f"=== 第{number}封 {_clock(row.sent)} 发出\n{_letter(office.store, row)}" for number, row in enumerate(sent, 1)
    ]
    parts += [
        f"=== {_STAYED.get(row.state, row.state)}：{row.state_reason}\n{_letter(office.store, row)}" for row in held
    ]
    return "\n".join(parts) if parts else NONE


def text_of(store: Store, row: LetterRow) -> str:
    """Return a letter's plain text."""
    part = next(
        one for one in message_from_bytes(bytes_of(store, row)).walk() if one.get_content_type() == "text/plain"
    )
    payload = part.get_payload(decode=True)
    assert isinstance(payload, bytes)
    return payload.decode("utf-8").replace("\r\n", "\n")


def _letter(store: Store, row: LetterRow) -> str:
    message = message_from_bytes(bytes_of(store, row))
    enclosed = [
        str(make_header(decode_header(name))) for part in message.walk() if (name := part.get_filename()) is not None
    ]
    copies = f"抄送 {message['Cc']}\n" if message["Cc"] else ""
    names = f"附件：{'、'.join(enclosed)}\n" if enclosed else ""
    subject = str(make_header(decode_header(message["Subject"])))
    head = f"致 {row.to_address}（{LETTER_NAMES[LetterKind(row.kind)]}）\n{copies}主题：{subject}\n{names}"
    return f"{head}\n{text_of(store, row)}"


def _clock(moment: datetime | None) -> str:
    if moment is None:
        return ""
    local = moment.astimezone(SHANGHAI)
    return f"{local.month}月{local.day}日 {local:%H:%M}"


def _lists(office: Office) -> Iterator[str]:
    for report in office.imported:
        yield from report.lines()
    if office.imported:
        yield ""


def _mails(session: Session, office: Office) -> Iterator[str]:
    for place in sorted(office.teller.hashes):
        row = session.get_one(MessageRow, office.teller.hashes[place])
        head = f"来信{place} {_clock(row.received)} {row.sender_address} “{row.subject}”"
        yield f"{head}：{KINDS[row.kind]}。{row.reason}"


def _submissions(session: Session, office: Office) -> Iterator[str]:
    rows = session.exec(select(SubmissionRow).order_by(col(SubmissionRow.serial))).all()
    if not rows:
        yield "\n没有申报。"
    for row in rows:
        yield ""
        applicant = session.get(ApplicantRow, row.applicant_id)
        name = (applicant.name if applicant else "") or "（单位待核实）"
        if row.status == SubmissionStatus.MERGED:
            yield f"{row.number} {name}：已并入 {row.merged_into}"
            continue
        yield f"{row.number} {name}：{STATUS_NAMES.get(row.status, row.status)}"
        known = [f"推荐单位 {row.recommender}"] if row.recommender else []
        known += [f"信用代码 {applicant.credit_code}"] if applicant and applicant.credit_code else []
        known += ["单位已确定" if row.applicant_certain else "单位未确定"]
        known += [f"与 {row.second_case_of} 同一单位"] if row.second_case_of else []
        known += ["已撤回"] if row.withdrawn else []
        yield f"  {'；'.join(known)}"
        yield from _links(session, office, row)
        yield from _files(session, office, row)
        yield from _findings(session, row)


def _links(session: Session, office: Office, row: SubmissionRow) -> Iterator[str]:
    places = {sha256: place for place, sha256 in office.teller.hashes.items()}
    links = session.exec(select(SubmissionMessageRow).where(SubmissionMessageRow.submission_id == row.id)).all()
    for link in sorted(links, key=lambda one: places[one.message]):
        yield f"  来信{places[link.message]} {RELATIONS[link.relation]}：{link.reason}"


def _files(session: Session, office: Office, row: SubmissionRow) -> Iterator[str]:
    names = {material.key: material.name for material in office.shop.call.materials}
    places = {sha256: place for place, sha256 in office.teller.hashes.items()}
    query = select(VersionRow, LeafRow).where(VersionRow.leaf_id == LeafRow.id, VersionRow.submission_id == row.id)
    order = [*names, ""]
    found = sorted(
        session.exec(query).all(),
        key=lambda one: (order.index(one[0].material), places[one[1].message], one[1].position),
    )
    for version, leaf in found:
        state = STATES[VersionState(version.state)]
        what = names.get(version.material, "打不开" if leaf.role == "unreadable" else "其他")
        why = "" if state == "现行" and version.reason == "现行件。" else f"：{version.reason}"
        yield f"  {what} {state} {places[leaf.message]}:{leaf.path}{why}"


def _findings(session: Session, row: SubmissionRow) -> Iterator[str]:
    query = select(FindingRow).where(FindingRow.submission_id == row.id).order_by(col(FindingRow.position))
    shown = {"缺失", "存疑", "提示"}
    for finding in session.exec(query).all():
        # Title, route and name are what attribution and lists are about: they are shown when all is well, too.
        if finding.verdict in shown or finding.code in {"Q01", "Q02", "S02"}:
            yield f"  {finding.code} {finding.verdict}：{finding.finding['message']}"


def _quotas(session: Session, office: Office) -> Iterator[str]:
    lines = [line.sentence() for line in quota_ledger(session, office.shop.call)]
    lines += [route.sentence() for route in routes_ledger(session, office.shop.call)]
    if lines:
        yield ""
        yield from (f"名额 {line}" for line in lines)


def _asked(session: Session, office: Office) -> Iterator[str]:
    places = {sha256: place for place, sha256 in office.teller.hashes.items()}
    rows = session.exec(select(SuggestionRow).where(SuggestionRow.state == "open")).all()
    if rows:
        yield ""
    for row in sorted(rows, key=lambda one: (places[one.message], one.kind, one.paths)):
        yield f"问经办 来信{places[row.message]} {ASKED[row.kind]}（{'、'.join(row.paths)}）：{row.reason}"
