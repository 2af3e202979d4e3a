"""What went wrong in a played season (评判): each complaint one line, under what it is about."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from enum import StrEnum
from typing import Any

from sqlmodel import select

from flows.replies.letter import LetterKind
from flows.steps.screens.register import register_values
from store.tables import LetterRow, SubmissionMessageRow, SubmissionRow
from tests.cases.written import text_of
from tests.seasons_by_others.playing import Playing
from tests.seasons_by_others.told import FirmTruth, Mail

_REMINDERS = {LetterKind.REMIND_OPEN.value, LetterKind.REMIND_DEADLINE.value}
_OWN = {LetterKind.DIGEST.value, LetterKind.ALARM.value}
ROUTINE = ("复核",)
"""Kinds of tasks that are routine and not counted."""


class About(StrEnum):
    """What a complaint is about."""

    FATE = "every mail has the fate that a clerk would give it"
    LETTER = "who should hear of us does, and nobody else"
    FILED = "every firm has its papers under one number"
    ASKED = "planted defects are asked for"
    WRONG = "nobody is asked for what lies here or is in doubt"
    WITHDRAWAL = "a withdrawal is staff's task, and nothing else is one"
    TASKS = "staff have no more to do than they must"


class Judge:
    """Looks at what a season left behind."""

    def __init__(self, playing: Playing) -> None:
        self.playing = playing
        self.season = playing.season
        self.values: dict[str, Any] = register_values(playing.shop, playing.now)
        self.letters = [row for row in playing.letters() if row.kind not in _OWN]
        self.sent = [row for row in self.letters if row.state == "sent"]
        self.tasks = [task for task in playing.opened.values() if task.kind not in ROUTINE]
        self.mails = {row["sha256"]: row for row in self.values["messages"]}
        with playing.store.reading() as session:
            numbers = {row.id: row for row in session.exec(select(SubmissionRow)).all()}
            self.withdrawn = {row.number for row in numbers.values() if row.withdrawn}
            links = session.exec(select(SubmissionMessageRow)).all()
            self.links = [(one.message, numbers[one.submission_id].number, one.relation) for one in links]

    def complaints(self) -> dict[About, list[str]]:
        """Return everything that is not as the truth has it."""
        found: dict[About, list[str]] = defaultdict(list)
        found[About.FATE] += self.playing.faults()
        for place, mail in enumerate(self.season.mails, 1):
            if place in self.playing.hashes:
                for about, words in self._mail(place, mail):
                    found[about].append(f"mail {place} ({mail.truth.why}) {words}")
        for truth in self.season.truths:
            for about, words in self._firm(truth):
                found[about].append(f"{truth.firm} {words}")
        most = self.season.most_tasks
        if len(self.tasks) > most:
            told = "; ".join(f"{task.kind} {task.about} {task.what[:60]}" for task in self.tasks)
            found[About.TASKS].append(f"{len(self.tasks)} > {most}: {told}")
        return found

    def asked(self, firm: str) -> Iterator[tuple[LetterRow, str, str]]:
        """Yield each letter that left with the code and the words of each thing that it asks of a firm."""
        numbers = self.numbers(firm)
        for row in self.sent:
            if row.kind == LetterKind.BUNDLE.value:
                yield from self._asked_in_bundle(row, numbers)
            elif row.subject_key.partition(":")[2] in numbers:
                for told in row.said:
                    if told["verdict"] == "缺失":
                        yield row, told["code"], told["defect"]

    def _asked_in_bundle(self, row: LetterRow, numbers: set[str]) -> Iterator[tuple[LetterRow, str, str]]:
        """Read what stands under a firm's number in the letter about several."""
        parts = re.split(r"【(AL2026-\d{4})请补正】", re.sub(r"\s", "", text_of(self.playing.store, row)))
        for number, said in zip(parts[1::2], parts[2::2], strict=True):
            if number in numbers:
                own = said.partition("【")[0]
                for defect, code in self.playing.defects.get(number, {}).items():
                    if re.sub(r"\s", "", defect) in own:
                        yield row, code, defect

    def numbers(self, firm: str) -> set[str]:
        """Return the 受理编号 of a firm."""
        name = self.season.firms[firm].name
        return {row["number"] for row in self.values["submissions"] if row["applicant"] == name}

    def _mail(self, place: int, mail: Mail) -> Iterator[tuple[About, str]]:
        sha256, truth = self.playing.hashes[place], mail.truth
        row = self.mails.get(sha256)
        if row is None:
            yield About.FATE, "is not in the register"
            return
        own = [one for one in self.sent if one.answers == sha256 and one.kind not in _REMINDERS]
        later = [one for one in self.sent if one.to_address == mail.address and one.created >= mail.at]
        tasks = [one for one in self.tasks if self._concerns(one.about, one.letter, sha256)]
        if truth.letter == "none" and own:
            yield About.LETTER, f"got a letter: {[one.kind for one in own]}"
        if truth.letter == "some" and not later:
            yield About.LETTER, f"got no letter; kind {row['kind']}: {row['reason'][:60]}"
        if truth.fate in {"filed", "answered"}:
            # A stranger's words wait beside the submission; his files are not filed by that.
            words = not row["leaves"]
            here = {number for message, number, how in self.links if message == sha256 and (words or how != "pending")}
            lost = [firm for firm in truth.firms if not self.numbers(firm) & here]
            if lost and truth.fate == "filed":
                yield About.FATE, f"is not filed under {lost}; kind {row['kind']}: {row['reason'][:80]}"
        if truth.fate == "task" and not (tasks or self._tasks_of_firms(mail)):
            yield About.FATE, f"made no task; kind {row['kind']}: {row['reason'][:60]}"
        if truth.fate == "aside" and tasks:
            yield About.FATE, f"made a task: {[f'{one.kind} {one.what[:40]}' for one in tasks]}"

    def _tasks_of_firms(self, mail: Mail) -> bool:
        numbers = {number for firm in mail.truth.firms for number in self.numbers(firm)}
        return any(task.about in numbers and task.since >= mail.at for task in self.tasks)

    def _concerns(self, about: str, letter: int, sha256: str) -> bool:
        answered = next((row.answers for row in self.letters if row.id == letter), None) if letter else None
        own = {number for message, number, _ in self.links if message == sha256} if not letter else set()
        return sha256.startswith(about) or answered == sha256 or about in own

    def _firm(self, truth: FirmTruth) -> Iterator[tuple[About, str]]:
        numbers = self.numbers(truth.firm)
        if len(numbers) != truth.submission:
            yield About.FILED, f"has {len(numbers)} submissions"
        rows = [row for row in self.values["submissions"] if row["number"] in numbers]
        for row in rows:
            for key in truth.has:
                if not any(one["current"] for one in row["materials"][key]):
                    yield About.FILED, f"has no {key}"
        asked = list(self.asked(truth.firm))
        for code in sorted(truth.asks - {code for _, code, _ in asked}):
            yield About.ASKED, f"was not asked for {code}"
        for row, code, defect in asked:
            if code in truth.never:
                yield About.WRONG, f"was wrongly asked for {code} by {row.kind} on {row.created:%m-%d %H:%M}: {defect}"
        for row in self.sent:
            if row.kind in _REMINDERS and row.subject_key.startswith("sender:") and self._applied(row, truth.firm):
                yield About.WRONG, f"was told by {row.kind} on {row.created:%m-%d} that nothing came"
        confirms = [task for task in self.tasks if task.kind == "撤回" and task.about in numbers]
        told = truth.withdrawn or any("withdrawal" in one for one in truth.staff)
        if told != bool(confirms):
            said = "withdrew and nobody is told" if told else "did not withdraw, and a task says so"
            yield About.WITHDRAWAL, said
        if numbers & self.withdrawn:
            yield About.WITHDRAWAL, "was withdrawn by machine"

    def _applied(self, row: LetterRow, firm: str) -> bool:
        before = [mail for mail in self.season.mails if mail.at < row.created and firm in mail.truth.firms]
        return any(mail.address == row.to_address and mail.truth.fate == "filed" for mail in before)
