"""Finding what a form names (按表单找对象), and refusing in one sentence what is not there."""

from __future__ import annotations

from flows.steps.desk.refusal import DeskRefusal
from flows.steps.workshop import Workshop
from store.engine import Transaction
from store.filing.submissions import by_number
from store.states import VersionState
from store.tables import LeafRow, MessageRow, SubmissionRow, VersionRow
from store.views import desk_lookups


def submission_of(shop: Workshop, session: Transaction, number: str) -> SubmissionRow:
    """Return the submission of this number, followed through mergers."""
    row = by_number(session, number.strip().upper())
    if row is None or row.call != shop.call.id:
        sentence = f"没有受理编号 {number}，请核对；全部编号见台账。"
        raise DeskRefusal(sentence)
    return row


def message_of(session: Transaction, start: str) -> MessageRow:
    """Return the one mail whose hash begins so."""
    found = desk_lookups.messages_beginning(session, start.strip().lower())
    if not found:
        sentence = f"没有编号以 {start} 开头的来信，请从待办中复制来信编号。"
        raise DeskRefusal(sentence)
    if len(found) > 1:
        sentence = f"有 {len(found)} 封来信的编号以 {start} 开头，请多写几位。"
        raise DeskRefusal(sentence)
    return found[0]


def versions_of(session: Transaction, row: SubmissionRow, names: tuple[str, ...], *, pending: bool) -> list[VersionRow]:
    """Return the submission's files that these words name (all where none is given), pending ones where asked."""
    chosen: list[VersionRow] = []
    filed = [
        (v, leaf)
        for v, leaf in desk_lookups.filed(session, row.id or 0)
        if not pending or v.state == VersionState.PENDING
    ]
    for name in names or ("",):
        hits = [version for version, leaf in filed if name in leaf.name or name in leaf.path]
        if not hits:
            what = "待定文件" if pending else "文件"
            sentence = (
                f"{row.number} 没有名称含“{name}”的{what}，请到案卷页核对。" if name else f"{row.number} 没有{what}。"
            )
            raise DeskRefusal(sentence)
        chosen += [version for version in hits if version not in chosen]
    return chosen


def has_files(session: Transaction, message: MessageRow) -> bool:
    """Whether a mail brought any file that is more than noise."""
    return any(leaf.role != "noise" for leaf in desk_lookups.leaves(session, message.sha256))


def leaves_of(session: Transaction, message: MessageRow, name: str) -> list[LeafRow]:
    """Return the files of a mail whose name holds these words; all but noise where none is given."""
    rows = [leaf for leaf in desk_lookups.leaves(session, message.sha256) if leaf.role != "noise"]
    hits = [leaf for leaf in rows if name in leaf.name or name in leaf.path]
    if not hits:
        sentence = f"这封来信里没有名称含“{name}”的文件。" if name else "这封来信没有可归档的文件。"
        raise DeskRefusal(sentence)
    return hits
