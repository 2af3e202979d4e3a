from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlmodel import select

from store import journal
from store.engine import Store
from store.filing.applicants import ensure_applicant, find_applicant, remember_alias
from store.filing.submissions import accept_late, by_number, extend, open_submission, reinstate, withdraw
from store.states import AliasKind
from store.tables import SubmissionRow
from tests.cases.telling import FIRST, File, Mail, Teller, the_call

CALL = the_call()
FORM = File("推荐表.pdf", "form", "浙江远衡精密机械有限公司", title="匠心")


def numbers(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.exec(select(SubmissionRow.number).order_by(SubmissionRow.serial)))  # type: ignore[arg-type]


def open_one(store: Store, name: str) -> None:
    with store.transaction() as session:
        open_submission(session, CALL, ensure_applicant(session, name).id or 0, received=FIRST)


def test_a_number_of_a_failed_transaction_is_given_again(store: Store) -> None:
    open_one(store, "浙江远衡精密机械有限公司")
    with pytest.raises(ZeroDivisionError), store.transaction() as session:  # noqa: PT012 - the fault comes after
        applicant = ensure_applicant(session, "杭州澜汀仪器仪表有限公司")
        assert open_submission(session, CALL, applicant.id or 0, received=FIRST).number == "AL2026-0002"
        raise ZeroDivisionError
    open_one(store, "宁波启明液压技术有限公司")
    assert numbers(store) == ["AL2026-0001", "AL2026-0002"]


def test_numbers_opened_at_once_have_no_gaps_and_no_doubles(store: Store) -> None:
    threads = [threading.Thread(target=open_one, args=(store, f"浙江远衡{n}号机械有限公司")) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert numbers(store) == [f"AL2026-{n:04d}" for n in range(1, 13)]


def test_an_enterprise_is_one_by_code_by_name_and_by_what_staff_remembered(store: Store) -> None:
    with store.transaction() as session:
        first = ensure_applicant(session, "浙江远衡精密机械（集团）有限公司", "91330100799655058B")
        remember_alias(session, AliasKind.NAME, "远衡机械厂", first.id or 0, by="小王", reason="旧名。", at=FIRST)
        found = [
            find_applicant(session, "浙江远衡精密机械(集团) 有限公司"),
            find_applicant(session, "浙江新名字有限公司", "91330100799655058B"),
            find_applicant(session, "远衡机械厂"),
            find_applicant(session, "浙江远衡精密机械有限公司"),
            find_applicant(session, ""),
        ]
        assert [row.id if row else None for row in found] == [first.id, first.id, first.id, None, None]


@pytest.mark.parametrize(("kind", "key"), [(AliasKind.SENDER, ""), (AliasKind.DOMAIN, " "), (AliasKind.NAME, "  ")])
def test_a_rule_that_could_match_anybody_is_not_remembered(store: Store, kind: AliasKind, key: str) -> None:
    with pytest.raises(ValueError, match="不能为空"), store.transaction() as session:
        remember_alias(session, kind, key, 1, by="小王", reason="", at=FIRST)


def test_staff_withdraw_reinstate_extend_and_accept_late_with_their_names_in_the_journal(teller: Teller) -> None:
    teller.tell(1, Mail("a@firm.example", (FORM,)))
    with teller.store.transaction() as session:
        row = by_number(session, "AL2026-0001")
        assert row is not None
        withdraw(session, row, by="小王", reason="来函撤回。", at=FIRST)
        assert (row.withdrawn, row.status) == (True, "withdrawn")
        reinstate(session, row, by="小王", reason="误会。", at=FIRST)
        assert (row.withdrawn, row.status) == (False, "incomplete")
        extend(session, row, CALL.window.closes + timedelta(days=2), by="小李", reason="台风。", at=FIRST)
        accept_late(session, row, by="小李", reason="领导同意。", at=FIRST)
        session.flush()
        told = [line.sentence for line in journal.read(session, "submission:AL2026-0001")][-4:]
    assert told == [
        "小王 登记撤回。来函撤回。",
        "小王 取消撤回。误会。",
        "小李 准予延期至 2026-06-02T00:00+08:00。台风。",
        "小李 同意接收逾期材料。领导同意。",
    ]


def test_late_files_count_once_staff_accept_them(teller: Teller) -> None:
    good = Mail("a@firm.example", (FORM,))
    late = Mail("a@firm.example", (File("推荐表2.pdf", "form", FORM.applicant, title="匠心"),), late=True)
    teller.tell(1, good)
    teller.tell(2, late)
    before = teller.register()[0]
    with teller.store.transaction() as session:
        row = by_number(session, "AL2026-0001")
        assert row is not None
        accept_late(session, row, by="小李", reason="同意。", at=FIRST)
    teller.tell(2, late)
    after = teller.register()[0]
    assert (before["current"], before["superseded"]) == (["1:推荐表.pdf"], ["2:推荐表2.pdf"])
    assert (after["current"], after["superseded"]) == (["2:推荐表2.pdf"], ["1:推荐表.pdf"])
