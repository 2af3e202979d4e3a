"""After an update of the reader nothing is cleared and nobody told before the files were read anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from pydantic import TypeAdapter
from sqlmodel import col, select, update

from flows.steps.answer.answer import answer_due
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Role
from parsers.facts.looks import Look
from parsers.facts.mails import MailReading
from parsers.facts.problem import Problem, Weight
from parsers.facts.version import READER_VERSION
from store.states import MessageState
from store.tables import LookRow, MessageRow
from tests.desk.conftest import FIRST, NOW, SECOND, work
from tests.desk.test_operations import LATER

pytestmark = pytest.mark.slow
Number = Callable[[str], str]
WHO: dict[str, Any] = {"by": "李经办", "reason": "已电话核实"}
SEALED = "F03"
LIMIT = Problem("reader-timeout", "读取超过 60 秒，已中止。", weight=Weight.UNREADABLE)


def read_by_an_older_reader(shop: Workshop) -> None:
    """Make the store what it is on the day of an update: every look is another version's."""
    with shop.store.transaction() as session:
        session.execute(update(LookRow).values(reader_version="2"))
        session.execute(update(MessageRow).values(reader_version="2"))


def row_of(shop: Workshop, number: str) -> dict[str, Any]:
    return next(row for row in register_values(shop, LATER)["submissions"] if row["number"] == number)


def found(shop: Workshop, number: str) -> list[tuple[str, str, str]]:
    """Every finding but the one that staff ruled on."""
    return [(f["code"], f["verdict"], f["message"]) for f in row_of(shop, number)["findings"] if f["code"] != "Q01"]


def letters(shop: Workshop, number: str) -> list[tuple[str, str]]:
    return [(letter["kind"], letter["state"]) for letter in row_of(shop, number)["letters"]]


def states(shop: Workshop) -> list[tuple[str, str]]:
    with shop.store.reading() as session:
        query = select(MessageRow.state, MessageRow.reader_version).order_by(col(MessageRow.received))
        return [(state, version) for state, version in session.exec(query).all()]


ACTS = {
    "a ruling on another rule": lambda n: ("rule", forms.RuleForm(number=n, code="Q01", **WHO)),
    "a stranger's file accepted": lambda n: ("accept", forms.VersionForm(number=n, **WHO)),
    "a stranger's file refused": lambda n: ("refuse", forms.VersionForm(number=n, **WHO)),
}


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_an_act_of_staff_clears_no_fault_that_an_older_reader_found(
    shop: Workshop, number: Number, act: Callable[[str], tuple[str, Any]]
) -> None:
    mine = number(FIRST)
    before = found(shop, mine)
    told = letters(shop, mine)
    assert any(code == SEALED and verdict == "缺失" for code, verdict, _ in before)
    read_by_an_older_reader(shop)

    perform(shop, *act(mine), LATER)
    answer_due(shop, LATER)

    assert found(shop, mine) == before
    assert letters(shop, mine) == told


def test_the_mails_are_read_anew_first_and_the_answer_is_decided_after(shop: Workshop, number: Number) -> None:
    mine, other = number(FIRST), number(SECOND)
    before, others = found(shop, mine), found(shop, other)
    read_by_an_older_reader(shop)

    perform(shop, "rule", forms.RuleForm(number=mine, code="Q01", **WHO), LATER)
    answer_due(shop, LATER)
    first, second = states(shop)[:2]
    assert (first, second) == ((MessageState.STORED, "2"), (MessageState.EXAMINED, "2"))

    work(shop, LATER)
    work(shop, LATER)
    assert states(shop)[0] == (MessageState.EXAMINED, READER_VERSION)
    assert (found(shop, mine), found(shop, other)) == (before, others)
    assert [kind for kind, state in letters(shop, mine) if state == "held"] == ["deficient"]


def test_nothing_is_read_twice_where_the_reader_is_the_same(shop: Workshop, number: Number) -> None:
    perform(shop, "rule", forms.RuleForm(number=number(FIRST), code="Q01", **WHO), LATER)
    answer_due(shop, LATER)

    assert {state for state, _ in states(shop)} == {MessageState.EXAMINED}
    assert NOW < LATER


def read_before_and_stopped_now(shop: Workshop) -> None:
    """Make the store what it is where an older reader read every file whole, and the present one was stopped."""
    with shop.store.transaction() as session:
        for row in list(session.exec(select(LookRow)).all()):
            stopped = Look(row.look["type"], problems=(LIMIT,))
            session.add(LookRow(sha256=row.sha256, reader_version="2", look=row.look))
            row.look = TypeAdapter(Look).dump_python(stopped, mode="json")
            session.add(row)


def test_a_look_that_our_own_limit_stopped_clears_no_fault_and_takes_no_letter_back(
    shop: Workshop, number: Number
) -> None:
    mine = number(FIRST)
    before, told = found(shop, mine), letters(shop, mine)
    assert ("deficient", "held") in told
    read_before_and_stopped_now(shop)

    perform(shop, "rule", forms.RuleForm(number=mine, code="Q01", **WHO), LATER)
    answer_due(shop, LATER)

    assert (found(shop, mine), letters(shop, mine)) == (before, told)


def test_a_mail_read_anew_whose_files_are_all_stopped_keeps_what_was_read(
    shop: Workshop, number: Number, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = number(FIRST)
    before, told = found(shop, mine), letters(shop, mine)
    read_by_an_older_reader(shop)
    whole = shop.reader.read

    def slow(*arguments: Any) -> MailReading:
        reading = whole(*arguments)
        leaves = tuple(
            replace(leaf, look=Look(leaf.leaf.type, problems=(LIMIT,)), role=Role.UNREADABLE)
            if leaf.look is not None
            else leaf
            for leaf in reading.leaves
        )
        return replace(reading, leaves=leaves)

    monkeypatch.setattr(shop.reader, "read", slow)
    perform(shop, "rule", forms.RuleForm(number=mine, code="Q01", **WHO), LATER)
    for _ in range(3):
        work(shop, LATER)

    assert states(shop)[0] == (MessageState.EXAMINED, READER_VERSION)
    assert (found(shop, mine), letters(shop, mine)) == (before, told)
