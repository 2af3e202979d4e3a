"""After an update of the reader nothing is cleared and nobody told before the files were read anew."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import col, select, update

from flows.steps.answer.answer import answer_due
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop
from parsers.facts.version import READER_VERSION
from store.states import MessageState
from store.tables import LookRow, MessageRow
from tests.desk.conftest import FIRST, NOW, SECOND, work
from tests.desk.test_operations import LATER

pytestmark = pytest.mark.slow
Number = Callable[[str], str]
WHO: dict[str, Any] = {"by": "李经办", "reason": "已电话核实"}
SEALED = "F03"


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
