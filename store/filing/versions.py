"""Which version of a material counts (现行件): a pure rule over all versions, whatever order they were filed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from config.call import Call, Material
from parsers.facts.leaf import Role
from parsers.facts.looks import FormKind, Look
from parsers.facts.problem import Weight
from store.mails.readings import load_looks, problems_of
from store.states import Standing, VersionState
from store.tables import LeafRow, MessageRow, SubmissionRow, VersionRow


@dataclass(frozen=True, slots=True)
class Candidate:
    """One version as the rule sees it. ``worth``: 2 readable and of the asked format, 1 readable, 0 unreadable."""

    id: int
    material: str
    role: Role
    name: str
    sha256: str
    received: datetime
    message: str
    position: int
    standing: Standing
    on_time: bool
    worth: int
    why_worth: str = ""

    @property
    def order(self) -> tuple[datetime, str, int]:
        """Order of arrival: the server's clock, then two things that never change."""
        return (self.received, self.message, self.position)


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one version, and why, in one Chinese sentence."""

    state: VersionState
    reason: str


def decide_versions(
    candidates: Sequence[Candidate], sets: frozenset[str], required: frozenset[str], zone: ZoneInfo
) -> dict[int, Settled]:
    """Return the state of every version.

    Of a material with one current file it is the latest of those that can be read, have the asked format and came
    on time; a later one that is worse on any of these counts leaves it in place. Of a set (photos), every distinct
    file. ``sets`` and ``required`` are keys of materials. The result does not depend on the order of candidates.
    """
    states: dict[int, Settled] = {}
    counted: list[Candidate] = []
    for one in candidates:
        if one.standing == Standing.PENDING:
            states[one.id] = Settled(VersionState.PENDING, "来自其他发件人或归属存疑，待经办确认。")
        elif one.standing == Standing.REFUSED:
            states[one.id] = Settled(VersionState.REFUSED, "经办不予采纳。")
        else:
            counted.append(one)
    counted.sort(key=lambda one: one.order)
    distinct = _without_resends(counted, states, zone)
    for material in dict.fromkeys(one.material for one in distinct):
        group = [one for one in distinct if one.material == material and one.role is not Role.UNREADABLE]
        if material and material not in sets:
            states.update(_one_current(group, zone))
        else:
            states.update({one.id: _of_a_set(one, distinct) for one in group})
    states.update(_unreadable(distinct, states, required, zone))
    return states


def settle_versions(session: Session, call: Call, submission: SubmissionRow, reader_version: str) -> bool:
    """Decide the states of all versions of a submission anew and write them; return whether any changed."""
    rows = version_rows(session, submission)
    looks = load_looks(session, (leaf.sha256 for _, leaf, _ in rows), reader_version)
    candidates = [_candidate(call, submission, row, looks.get(row[1].sha256)) for row in rows]
    sets = frozenset(material.key for material in call.materials if material.set_of_files)
    required = frozenset(material.key for material in call.electronic if material.required)
    decided = decide_versions(candidates, sets, required, call.window.timezone)
    changed = False
    for version, _, _ in rows:
        settled = decided[version.id or 0]
        reason = version.standing_reason or settled.reason
        if (version.state, version.reason) != (settled.state, reason):
            version.state, version.reason, changed = settled.state, reason, True
            session.add(version)
    session.flush()
    return changed


def version_rows(session: Session, submission: SubmissionRow) -> list[tuple[VersionRow, LeafRow, MessageRow]]:
    """Return a submission's versions with their leaves and mails, in order of arrival."""
    query = (
        select(VersionRow, LeafRow, MessageRow)
        .where(VersionRow.submission_id == submission.id)
        .where(VersionRow.leaf_id == LeafRow.id)
        .where(LeafRow.message == MessageRow.sha256)
        .order_by(col(MessageRow.received), col(MessageRow.sha256), col(LeafRow.position))
    )
    return list(session.exec(query).all())


def on_time(call: Call, submission: SubmissionRow, received: datetime) -> bool:
    """Whether a mail came in time for this submission: inside the window, or inside what staff granted."""
    if submission.late_accepted or call.window.contains(received):
        return True
    return submission.extended_to is not None and call.window.opens <= received < submission.extended_to


def material_of(call: Call, role: Role, name: str) -> Material | None:
    """Return the electronic material that a leaf of this role fills; where several share it, the one it is named by."""
    if role is not Role.OTHER:
        return call.of_role(role)
    fitting = [one for one in call.electronic if one.role == role]
    named = [one for one in fitting if any(word in name for word in (one.name, *one.aliases))]
    return named[0] if named else None


def _candidate(
    call: Call, submission: SubmissionRow, rows: tuple[VersionRow, LeafRow, MessageRow], look: Look | None
) -> Candidate:
    version, leaf, message = rows
    worth, why = _worth(call, version.material, leaf, look)
    return Candidate(
        id=version.id or 0,
        material=version.material,
        role=Role(leaf.role),
        name=leaf.name,
        sha256=leaf.sha256,
        received=message.received,
        message=message.sha256,
        position=leaf.position,
        standing=version.standing,
        on_time=on_time(call, submission, message.received),
        worth=worth,
        why_worth=why,
    )


def _worth(call: Call, key: str, leaf: LeafRow, look: Look | None) -> tuple[int, str]:
    """Return how much a version is worth as this material, and what it lacks."""
    if any(problem.weight is Weight.UNREADABLE for problem in problems_of(leaf)):
        return 0, "打不开"
    if look and look.report and (not look.report.readable or look.report.images_only):
        return 1, "读不到正文"
    material = next((one for one in call.materials if one.key == key), None)
    if material and material.formats and leaf.type not in material.formats:
        return 1, f"不是{material.format_name}"
    form = look.scan.form if look and look.scan else None
    if material and material.role == Role.FORM.value and form and form.kind in {FormKind.OLD, FormKind.OTHER}:
        return 1, "不是本次的表格"
    return 2, ""


def _without_resends(counted: list[Candidate], states: dict[int, Settled], zone: ZoneInfo) -> list[Candidate]:
    """Leave out files that came before with the same bytes, and say so in their states."""
    first: dict[tuple[str, str], Candidate] = {}
    for one in counted:
        earlier = first.setdefault((one.material, one.sha256), one)
        if earlier is not one:
            words = f"与{_day(earlier.received, zone)}收到的“{earlier.name}”内容完全相同。"
            states[one.id] = Settled(VersionState.SUPERSEDED, words)
    return list(first.values())


def _one_current(group: list[Candidate], zone: ZoneInfo) -> dict[int, Settled]:
    if not group:
        return {}
    best = max(group, key=lambda one: (one.worth > 0, one.on_time, one.worth, one.order))
    states = {}
    for one in group:
        if one is best:
            states[one.id] = Settled(VersionState.CURRENT, "现行件。" if one.on_time else "现行件，截止后收到。")
        elif one.order < best.order:
            words = f"已由{_day(best.received, zone)}收到的“{best.name}”替代。"
            states[one.id] = Settled(VersionState.SUPERSEDED, words)
        else:
            why = one.why_worth or ("截止后收到" if not one.on_time else "后到但不及现行件")
            words = f"{why}，未替换{_day(best.received, zone)}收到的“{best.name}”。"
            states[one.id] = Settled(VersionState.SUPERSEDED, words)
    return states


def _of_a_set(one: Candidate, others: list[Candidate]) -> Settled:
    """Judge a photo or another file: current, unless it came late while enough came on time."""
    if not one.on_time and one.material and any(o.on_time for o in others if o.material == one.material):
        return Settled(VersionState.SUPERSEDED, "截止后收到，未并入现行件。")
    return Settled(VersionState.CURRENT, "现行件。" if one.on_time else "现行件，截止后收到。")


def _unreadable(
    distinct: list[Candidate], states: dict[int, Settled], required: frozenset[str], zone: ZoneInfo
) -> dict[int, Settled]:
    """Judge what could not be opened: settled once a later mail brought it again, or brought all that is required."""
    current = [one for one in distinct if one.id in states and states[one.id].state is VersionState.CURRENT]
    complete = required <= {one.material for one in current}
    settled = {}
    for one in distinct:
        if one.role is not Role.UNREADABLE:
            continue
        later = [o for o in current if o.received > one.received and o.role not in {Role.UNREADABLE, Role.NOISE}]
        again = next((o for o in later if _stem(o.name) == _stem(one.name)), None)
        if again is None and later and complete and any(o.material in required for o in later):
            again = later[-1]
        if again:
            words = f"打不开；{_day(again.received, zone)}已另外收到可读的材料。"
            settled[one.id] = Settled(VersionState.SUPERSEDED, words)
        else:
            settled[one.id] = Settled(VersionState.CURRENT, "打不开，尚无可读的替代文件。")
    return settled


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0].strip()


def _day(moment: datetime, zone: ZoneInfo) -> str:
    local = moment.astimezone(zone)
    return f"{local.month}月{local.day}日"
