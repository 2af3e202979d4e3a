"""What staff change by hand (更正): merge, split, move, accept, refuse, rename; each journalled, most can be undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from config.call import Call
from store import journal
from store.filing.applicants import ensure_applicant, name_applicant
from store.filing.submissions import file_leaf, link_message, open_submission
from store.filing.suggestions import open_suggestions, settle_suggestion
from store.filing.versions import settle_versions
from store.states import Basis, OperationKind, Relation, Standing, SubmissionStatus, SuggestionState
from store.tables import (
    ApplicantRow,
    LeafRow,
    MessageRow,
    OperationRow,
    PaperRow,
    SubmissionMessageRow,
    SubmissionRow,
    SuggestionRow,
    VersionRow,
)


class CorrectionError(ValueError):
    """The change cannot be made. The message is one Chinese sentence with the cure."""


class ByHand:
    """One member of staff at one moment, changing what is filed: the collaborators of every correction.

    Every method writes to the journal, decides the versions anew, and returns the submissions that must be examined
    again. The caller gives the transaction.
    """

    def __init__(self, session: Session, call: Call, reader_version: str, *, by: str, at: datetime) -> None:
        self.session = session
        self.call = call
        self.reader_version = reader_version
        self.by = by
        self.at = at

    def merge(self, source: SubmissionRow, target: SubmissionRow, reason: str) -> tuple[SubmissionRow, ...]:
        """Let ``target`` take in all mails, files and papers of ``source``; the number of ``source`` leads to it."""
        if source.id == target.id:
            raise CorrectionError("不能把一件申报并入它自己：请另选一个受理编号。")
        if SubmissionStatus.MERGED in {source.status, target.status}:
            raise CorrectionError("其中一件已经并入别的申报：请先撤销那次合并，或改用并入后的受理编号。")
        versions = self._versions(source)
        before: dict[str, Any] = {"source": _submission(source), "target": _submission(target)}
        before |= self._move(source, target, versions, whole=True)
        self._close(source, target)
        before["questions"] = self._answer_by_merger(source, target)
        sentence = f"{self.by} 将 {source.number} 并入 {target.number}。{reason}"
        self._operation(OperationKind.MERGE, target, sentence, reason, before)
        self._note("merged", source, sentence)
        return self._settled(target)

    def split(
        self, source: SubmissionRow, versions: Sequence[VersionRow], applicant: str, reason: str, credit_code: str = ""
    ) -> tuple[SubmissionRow, ...]:
        """Take these files out of ``source`` into a submission of their own for the enterprise of this name."""
        self._need_of(source, versions)
        row = ensure_applicant(self.session, applicant, credit_code)
        target = open_submission(
            self.session,
            self.call,
            row.id or 0,
            received=source.first_received,
            recommender=source.recommender,
            reason=f"经办 {self.by} 从 {source.number} 分出。{reason}",
            second_case_of=source.number if row.id == source.applicant_id else "",
        )
        before = {"source": _submission(source), "target": _submission(target), "opened": target.number}
        before |= self._move(source, target, versions, whole=False)
        self._span(target)
        sentence = (
            f"{self.by} 从 {source.number} 分出 {len(versions)} 个文件，另立 {target.number}（{applicant}）。{reason}"
        )
        self._operation(OperationKind.SPLIT, source, sentence, reason, before)
        self._note("split", target, sentence)
        return self._settled(source, target)

    def move(
        self, source: SubmissionRow, target: SubmissionRow, versions: Sequence[VersionRow], reason: str
    ) -> tuple[SubmissionRow, ...]:
        """Move these files from one submission to another."""
        self._need_of(source, versions)
        before = {"source": _submission(source), "target": _submission(target)}
        before |= self._move(source, target, versions, whole=False)
        self._span(target)
        sentence = f"{self.by} 将 {source.number} 的 {len(versions)} 个文件改归 {target.number}。{reason}"
        self._operation(OperationKind.MOVE, target, sentence, reason, before)
        self._note("moved", source, sentence)
        return self._settled(source, target)

    def undo(self, operation: OperationRow, reason: str) -> tuple[SubmissionRow, ...]:
        """Put back what a merge, split or move changed; what came in since then stays where it is."""
        if operation.undone is not None:
            raise CorrectionError("这一步已经撤销过，不必再撤。")
        before: dict[str, Any] = operation.before
        source = self._submission(before["source"]["id"])
        target = self._submission(before["target"]["id"])
        later = select(OperationRow).where(col(OperationRow.id) > operation.id, col(OperationRow.undone).is_(None))
        touched = {source.id, target.id}
        for other in self.session.exec(later):
            if touched & {other.before["source"]["id"], other.before["target"]["id"]}:
                raise CorrectionError(f"其后还有一步涉及同一件申报（{other.about}），请先撤销那一步。")
        self._restore(before, target)
        for row in (source, target):
            kept = before["source" if row.id == source.id else "target"]
            row.status, row.merged_into = kept["status"], kept["merged_into"]
        if "opened" in before:
            # Nothing is deleted: the submission that the split opened leads back to where its files came from.
            self._close(target, source)
        operation.undone = self.at
        self.session.add_all([source, target, operation])
        self.session.flush()
        for row in (source, target):
            self._span(row)
            self._note("undone", row, f"{self.by} 撤销了“{operation.reason or operation.kind}”这一步。{reason}")
        return self._settled(source, target)

    def accept(self, versions: Sequence[VersionRow], reason: str) -> tuple[SubmissionRow, ...]:
        """Take pending files in: they count from now on like any other."""
        return self._stand(versions, Standing.ACCEPTED, "version-accepted", "采纳", reason)

    def refuse(self, versions: Sequence[VersionRow], reason: str) -> tuple[SubmissionRow, ...]:
        """Refuse files: they stay in the dossier, marked, and never count."""
        return self._stand(versions, Standing.REFUSED, "version-refused", "不采纳", reason)

    def place(
        self, message: MessageRow, leaves: Sequence[LeafRow], target: SubmissionRow, reason: str
    ) -> tuple[SubmissionRow, ...]:
        """File leaves of a mail in a submission, wherever they were before: a leftover, a pending file, a wrong place.

        Files that lay in another submission are moved, and that step can be undone; open questions about the files are
        settled.
        """
        if not leaves or any(leaf.message != message.sha256 for leaf in leaves):
            raise CorrectionError("请选择这封来信里的文件。")
        touched = self._fetch_from_elsewhere(leaves, target, reason)
        words = f"经办 {self.by} 认定。{reason}"
        link = self._link(target.id or 0, message.sha256)
        if link is None or link.relation == Relation.PENDING:
            relation = Relation.SUPPLEMENTS
            link_message(self.session, target, message, relation=relation, basis=Basis.STAFF, reason=words)
        for leaf in leaves:
            row = file_leaf(self.session, self.call, target, leaf, standing=Standing.ACCEPTED, reason="")
            if row and row.standing in {Standing.PENDING, Standing.REFUSED}:
                row.standing, row.standing_reason = Standing.ACCEPTED, ""
                self.session.add(row)
        names = "、".join(leaf.name for leaf in leaves)
        self._note("placed", target, f"{self.by} 将“{names}”归入 {target.number}。{reason}")
        placed = {leaf.path for leaf in leaves}
        for question in open_suggestions(self.session):
            if question.message == message.sha256 and set(question.paths) <= placed:
                settle_suggestion(self.session, question, accepted=True, by=self.by, at=self.at)
        return self._settled(*(row for row in touched if row.id != target.id), target)

    def _fetch_from_elsewhere(
        self, leaves: Sequence[LeafRow], target: SubmissionRow, reason: str
    ) -> tuple[SubmissionRow, ...]:
        """Move what other submissions hold of these leaves; one that is left with nothing leads to the target."""
        ids = [leaf.id for leaf in leaves]
        query = select(VersionRow).where(col(VersionRow.leaf_id).in_(ids), VersionRow.submission_id != target.id)
        elsewhere: dict[int, list[VersionRow]] = {}
        for version in self.session.exec(query.order_by(col(VersionRow.id))):
            elsewhere.setdefault(version.submission_id, []).append(version)
        touched: list[SubmissionRow] = []
        for number, versions in elsewhere.items():
            source = self.session.get(SubmissionRow, number)
            if source is None or source.status == SubmissionStatus.MERGED:
                continue
            self.move(source, target, versions, reason)
            if not self._links(source):
                self._close(source, target)
            touched.append(source)
        return tuple(touched)

    def rename(
        self, submission: SubmissionRow, name: str, reason: str, credit_code: str = ""
    ) -> tuple[SubmissionRow, ...]:
        """Set the applicant of a submission, as staff know it."""
        if not name.strip():
            raise CorrectionError("单位全称不能为空：请填写营业执照上的全称。")
        old = self.session.get(ApplicantRow, submission.applicant_id)
        was = old.name if old else ""
        row = ensure_applicant(self.session, name, credit_code)
        if old is not None and not was and row.id != old.id and not row.name:
            name_applicant(self.session, old, name, credit_code)
        submission.applicant_id = row.id or 0
        submission.applicant_certain = True
        submission.applicant_reason = f"经办 {self.by} 认定为“{name}”。{reason}"
        self.session.add(submission)
        self.session.flush()
        self._note("renamed", submission, f"{self.by} 将申报单位由“{was or '（未知）'}”更正为“{name}”。{reason}")
        return self._settled(submission)

    def _stand(
        self, versions: Sequence[VersionRow], standing: Standing, action: str, verb: str, reason: str
    ) -> tuple[SubmissionRow, ...]:
        touched: dict[int, SubmissionRow] = {}
        for version in versions:
            leaf = self.session.get(LeafRow, version.leaf_id)
            submission = touched.setdefault(version.submission_id, self._submission(version.submission_id))
            words = f"经办 {self.by} {verb}。{reason}"
            version.standing, version.standing_reason = standing, words if standing == Standing.REFUSED else ""
            self.session.add(version)
            self.session.flush()
            if leaf and standing == Standing.ACCEPTED:
                self._accepted_link(submission, leaf, words)
            name = leaf.name if leaf else ""
            self._note(action, submission, f"{self.by} {verb}文件“{name}”。{reason}")
        return self._settled(*touched.values())

    def _accepted_link(self, submission: SubmissionRow, leaf: LeafRow, words: str) -> None:
        """Let the mail of an accepted file count as one of the submission's own."""
        link = self._link(submission.id or 0, leaf.message)
        if link and link.relation == Relation.PENDING:
            link.relation, link.basis, link.reason = Relation.SUPPLEMENTS, Basis.STAFF, words
            self.session.add(link)
            self.session.flush()
            self._span(submission)

    def _move(
        self, source: SubmissionRow, target: SubmissionRow, versions: Sequence[VersionRow], *, whole: bool
    ) -> dict[str, Any]:
        """Move versions with the links to their mails; return what stood before, for undo."""
        moved, linked, papers = [], [], []
        standings = [[version.id, version.standing, version.standing_reason] for version in versions]
        there = {row.leaf_id for row in self._versions(target)}
        for version in versions:
            if version.leaf_id not in there:
                moved.append(version.id)
                version.submission_id = target.id or 0
                self.session.add(version)
        self.session.flush()
        left = {leaf.message for leaf in self._leaves(self._versions(source))}
        wanted = {leaf.message for leaf in self._leaves(versions)}
        for link in self._links(source):
            if not whole and link.message not in wanted:
                continue
            kept = not whole and link.message in left
            linked.append(self._relink(link, target, kept=kept))
        if whole:
            papers = self._move_papers(source, target)
        self._span(target)
        return {"versions": moved, "links": [one for one in linked if one], "papers": papers, "standings": standings}

    def _relink(self, link: SubmissionMessageRow, target: SubmissionRow, *, kept: bool) -> dict[str, Any] | None:
        """Tie a mail to the target: moved with its link, or tied a second time where files of it stay behind."""
        if self._link(target.id or 0, link.message) is not None:
            return None
        if not kept:
            link.submission_id = target.id or 0
            self.session.add(link)
            self.session.flush()
            return {"id": link.id, "moved": True}
        copy = SubmissionMessageRow(
            submission_id=target.id or 0,
            message=link.message,
            relation=link.relation,
            reason=f"经办 {self.by} 认定。",
            basis=Basis.STAFF,
        )
        self.session.add(copy)
        self.session.flush()
        return {"id": copy.id, "moved": False}

    def _move_papers(self, source: SubmissionRow, target: SubmissionRow) -> list[int | None]:
        rows = self.session.exec(select(PaperRow).where(PaperRow.submission_id == source.id)).all()
        for row in rows:
            row.submission_id = target.id or 0
            self.session.add(row)
        return [row.id for row in rows]

    def _close(self, source: SubmissionRow, target: SubmissionRow) -> None:
        """Let a submission's number lead to another one; no answer of its own is due any more."""
        source.status, source.merged_into, source.answer_due = SubmissionStatus.MERGED, target.number, None
        self.session.add(source)

    def _answer_by_merger(self, source: SubmissionRow, target: SubmissionRow) -> list[int | None]:
        """Settle the questions whether files of the one belong to the other: they do now. Return them, for undo."""
        filed = {(leaf.message, leaf.path) for leaf in self._leaves(self._versions(target))}
        answered = []
        for question in open_suggestions(self.session):
            about = question.submission_id in {source.id, target.id}
            if about and {(question.message, path) for path in question.paths} <= filed:
                settle_suggestion(self.session, question, accepted=True, by=self.by, at=self.at)
                answered.append(question.id)
        return answered

    def _restore(self, before: dict[str, Any], target: SubmissionRow) -> None:
        for number in before.get("questions", ()):
            question = self.session.get(SuggestionRow, number)
            if question is not None:
                question.state, question.settled, question.by = SuggestionState.OPEN, None, ""
                self.session.add(question)
        source_id = before["source"]["id"]
        standings = {number: (standing, reason) for number, standing, reason in before["standings"]}
        for number in before["versions"]:
            version = self.session.get(VersionRow, number)
            if version and version.submission_id == target.id:
                version.submission_id = source_id
                version.standing, version.standing_reason = standings[number]
                self.session.add(version)
        for one in before["links"]:
            link = self.session.get(SubmissionMessageRow, one["id"])
            if link is None:
                continue
            if one["moved"]:
                link.submission_id = source_id
                self.session.add(link)
            else:
                self.session.delete(link)
        for number in before["papers"]:
            paper = self.session.get(PaperRow, number)
            if paper:
                paper.submission_id = source_id
                self.session.add(paper)
        self.session.flush()

    def _span(self, submission: SubmissionRow) -> None:
        """Bring first and last arrival in line with the mails that a submission now has."""
        query = select(MessageRow.received).join(
            SubmissionMessageRow, col(SubmissionMessageRow.message) == MessageRow.sha256
        )
        query = query.where(col(SubmissionMessageRow.relation).not_in([Relation.PENDING, Relation.CONCERNS]))
        moments = self.session.exec(query.where(SubmissionMessageRow.submission_id == submission.id)).all()
        if moments:
            submission.first_received, submission.last_received = min(moments), max(moments)
            self.session.add(submission)
            self.session.flush()

    def _settled(self, *submissions: SubmissionRow) -> tuple[SubmissionRow, ...]:
        for submission in submissions:
            settle_versions(self.session, self.call, submission, self.reader_version)
        return tuple(row for row in submissions if row.status != SubmissionStatus.MERGED)

    def _operation(
        self, kind: OperationKind, about: SubmissionRow, sentence: str, reason: str, before: dict[str, Any]
    ) -> OperationRow:
        row = OperationRow(
            kind=kind, at=self.at, by=self.by, reason=reason, about=f"submission:{about.number}", before=before
        )
        self.session.add(row)
        self.session.flush()
        self._note(f"{kind}-done", about, sentence, {"operation": row.id})
        return row

    def _note(
        self, action: str, submission: SubmissionRow, sentence: str, details: dict[str, Any] | None = None
    ) -> None:
        self.session.flush()
        about = f"submission:{submission.number}"
        journal.write(self.session, self.at, self.by, action, about, sentence, details)

    def _need_of(self, source: SubmissionRow, versions: Sequence[VersionRow]) -> None:
        if not versions or any(version.submission_id != source.id for version in versions):
            raise CorrectionError(f"请选择 {source.number} 名下的文件。")

    def _submission(self, number: int) -> SubmissionRow:
        row = self.session.get(SubmissionRow, number)
        if row is None:
            raise CorrectionError("找不到这件申报：请核对受理编号。")
        return row

    def _versions(self, submission: SubmissionRow) -> Sequence[VersionRow]:
        return self.session.exec(select(VersionRow).where(VersionRow.submission_id == submission.id)).all()

    def _leaves(self, versions: Sequence[VersionRow]) -> Sequence[LeafRow]:
        query = select(LeafRow).where(col(LeafRow.id).in_([version.leaf_id for version in versions]))
        return self.session.exec(query).all()

    def _links(self, submission: SubmissionRow) -> Sequence[SubmissionMessageRow]:
        query = select(SubmissionMessageRow).where(SubmissionMessageRow.submission_id == submission.id)
        return self.session.exec(query.order_by(col(SubmissionMessageRow.id))).all()

    def _link(self, submission_id: int, message: str) -> SubmissionMessageRow | None:
        query = select(SubmissionMessageRow).where(
            SubmissionMessageRow.submission_id == submission_id, SubmissionMessageRow.message == message
        )
        return self.session.exec(query).first()


def operations(session: Session, about: str = "") -> tuple[OperationRow, ...]:
    """Return the merges, splits and moves, oldest first; those of one submission (``submission:<number>``) if given."""
    query = select(OperationRow)
    if about:
        query = query.where(OperationRow.about == about)
    return tuple(session.exec(query.order_by(col(OperationRow.id))))


def _submission(row: SubmissionRow) -> dict[str, Any]:
    return {"id": row.id, "number": row.number, "status": row.status, "merged_into": row.merged_into}
