from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import Session, select

from store import journal
from store.dossier.dossier import PaperReceipt
from store.filing.build_dossier import load_dossier
from store.filing.by_hand import ByHand, CorrectionError, operations
from store.filing.papers import book_paper, load_papers
from store.filing.submissions import by_number
from store.filing.suggestions import open_suggestions, settle_suggestion
from store.mails.readings import leaf_rows, mail_row
from store.tables import SubmissionRow, VersionRow
from tests.cases.telling import FIRST, READER, File, Mail, Teller, the_call

FIRM, OTHER = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司"
LATER = FIRST + timedelta(days=2)
FORM = Mail("a@firm.example", (File("推荐表.pdf", "form", FIRM, title="匠心"), File("1.jpg", "photo")))
STRANGE = Mail("b@else.example", (File("推荐表2.pdf", "form", FIRM, title="匠心"),), after=60)


def desk(session: Session, by: str = "小王") -> ByHand:
    return ByHand(session, the_call(), READER, by=by, at=LATER)


def row(session: Session, number: int) -> SubmissionRow:
    found = by_number(session, f"AL2026-{number:04d}")
    assert found is not None
    return found


def versions(session: Session, submission: SubmissionRow) -> list[VersionRow]:
    query = select(VersionRow).where(VersionRow.submission_id == submission.id)
    return list(session.exec(query.order_by(VersionRow.id)))  # type: ignore[arg-type]


def brief(teller: Teller) -> list[tuple[str, list[int], list[str], list[str]]]:
    return [(one["applicant"], one["mails"], one["current"], one["held"]) for one in teller.register()]


def test_a_merge_moves_everything_and_undo_puts_it_back(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(
        2,
        Mail(
            "c@third.example",
            (File("推荐表.pdf", "form", "浙江远恒精密机械有限公司"), File("2.jpg", "photo")),
            after=90,
        ),
    )
    before = brief(teller)
    with teller.store.transaction() as session:
        receipt = PaperReceipt("form", LATER.date(), "SF1", sealed=True, by="小王")
        assert [book_paper(session, row(session, 2), receipt, "申报推荐表纸质件", at=LATER) for _ in range(2)] == [
            True,
            False,
        ]
        target = row(session, 1)
        touched = desk(session).merge(row(session, 2), target, "电话核实是同一家。")
        assert [one.number for one in touched] == ["AL2026-0001"]
        assert row(session, 2).number == "AL2026-0001"
        assert load_papers(session, target.id or 0) == (receipt,)
    assert brief(teller) == [(FIRM, [1, 2], ["1:1.jpg", "2:2.jpg", "2:推荐表.pdf"], [])]
    with teller.store.transaction() as session:
        (operation,) = operations(session)
        desk(session, "小李").undo(operation, "看错了。")
        assert load_papers(session, row(session, 1).id or 0) == ()
    assert brief(teller) == before
    with teller.store.reading() as session:
        told = [line.sentence for line in journal.read(session, "submission:AL2026-0002") if line.actor != "系统"]
    assert told == [
        "小王 登记收到纸质件“申报推荐表纸质件”（2026-05-08，已盖章）。",
        "小王 将 AL2026-0002 并入 AL2026-0001。电话核实是同一家。",
        "小李 撤销了“电话核实是同一家。”这一步。看错了。",
    ]


def test_a_split_opens_a_submission_for_the_other_firm_and_undo_brings_the_files_home(teller: Teller) -> None:
    teller.tell(1, FORM)
    before = brief(teller)
    with teller.store.transaction() as session:
        photo = versions(session, row(session, 1))[1]
        touched = desk(session).split(row(session, 1), [photo], OTHER, "照片是另一家的。")
        assert [one.number for one in touched] == ["AL2026-0001", "AL2026-0002"]
    assert brief(teller) == [(OTHER, [1], ["1:1.jpg"], []), (FIRM, [1], ["1:推荐表.pdf"], [])]
    with teller.store.transaction() as session:
        desk(session).undo(operations(session)[0], "弄错了。")
        assert row(session, 2).number == "AL2026-0001"
    assert brief(teller) == before


def test_only_the_last_step_on_a_submission_can_be_undone_and_only_once(teller: Teller) -> None:
    teller.tell(1, FORM)
    with teller.store.transaction() as session:
        desk(session).split(row(session, 1), [versions(session, row(session, 1))[1]], OTHER, "一")
        desk(session).merge(row(session, 2), row(session, 1), "二")
        first, second = operations(session)
        with pytest.raises(CorrectionError, match="请先撤销那一步"):
            desk(session).undo(first, "")
        desk(session).undo(second, "")
        with pytest.raises(CorrectionError, match="已经撤销过"):
            desk(session).undo(second, "")
        desk(session).undo(first, "")
    assert brief(teller) == [(FIRM, [1], ["1:1.jpg", "1:推荐表.pdf"], [])]


def test_a_strangers_file_replaces_only_once_staff_accept_it(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, STRANGE)
    assert brief(teller) == [(FIRM, [1], ["1:1.jpg", "1:推荐表.pdf"], ["2:推荐表2.pdf"])]
    with teller.store.transaction() as session:
        desk(session).accept([versions(session, row(session, 1))[2]], "电话核实。")
    assert brief(teller) == [(FIRM, [1, 2], ["1:1.jpg", "2:推荐表2.pdf"], [])]
    # From now on this address is one of the submission's own.
    teller.tell(3, Mail("b@else.example", (File("报告.docx", "report", names=(FIRM,)),), after=99))
    assert brief(teller)[0][1] == [1, 2, 3]


def test_a_refused_file_stays_in_sight_and_never_counts(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, STRANGE)
    with teller.store.transaction() as session:
        refused = versions(session, row(session, 1))[2]
        desk(session).refuse([refused], "来路不明。")
        assert (refused.state, refused.reason) == ("refused", "经办 小王 不采纳。来路不明。")
    teller.tell(2, STRANGE)
    assert brief(teller) == [(FIRM, [1], ["1:1.jpg", "1:推荐表.pdf"], [])]


def test_a_name_that_staff_set_stands_against_later_readings(teller: Teller) -> None:
    teller.tell(1, Mail("a@firm.example", (File("推荐表.pdf", "form", "XX公司"),)))
    with teller.store.transaction() as session:
        desk(session).rename(row(session, 1), FIRM, "见营业执照。", "91330100799655058B")
    teller.tell(2, Mail("a@firm.example", (File("1.jpg", "photo"),), after=9))
    told = teller.register()[0]
    assert (told["applicant"], told["code"], told["certain"]) == (FIRM, "91330100799655058B", True)


def test_a_leftover_is_placed_by_staff_and_its_question_settled(teller: Teller) -> None:
    files = (File("推荐表a.pdf", "form", FIRM), File("推荐表b.pdf", "form", OTHER), File("IMG1.jpg", "photo"))
    teller.tell(1, Mail("office@body.example", files))
    with teller.store.transaction() as session:
        (question,) = open_suggestions(session)
        assert (question.kind, question.paths) == ("leftover", ["IMG1.jpg"])
        message = mail_row(session, teller.hashes[1])
        photo = leaf_rows(session, message.sha256)[2]
        desk(session).place(message, [photo], row(session, 2), "协会说明。")
        settle_suggestion(session, question, accepted=True, by="小王", at=LATER)
    assert brief(teller) == [(OTHER, [1], ["1:IMG1.jpg", "1:推荐表b.pdf"], []), (FIRM, [1], ["1:推荐表a.pdf"], [])]
    assert teller.asked() == []


def test_what_makes_no_sense_is_refused_in_one_sentence_and_changes_nothing(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, Mail("d@other.example", (File("推荐表.pdf", "form", OTHER),), after=9))
    before = brief(teller)
    with teller.store.transaction() as session:
        one, two = row(session, 1), row(session, 2)
        for attempt, words in (
            (lambda: desk(session).merge(one, one, ""), "不能把一件申报并入它自己"),
            (lambda: desk(session).move(one, two, versions(session, two), ""), "请选择 AL2026-0001 名下的文件"),
            (lambda: desk(session).split(one, [], OTHER, ""), "请选择 AL2026-0001 名下的文件"),
            (lambda: desk(session).rename(one, "  ", ""), "单位全称不能为空"),
            (lambda: desk(session).place(mail_row(session, teller.hashes[1]), [], two, ""), "请选择这封来信里的文件"),
        ):
            with pytest.raises(CorrectionError, match=words):
                attempt()
    assert brief(teller) == before


def test_files_in_a_wrong_submission_are_fetched_from_there_and_the_step_can_be_undone(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, Mail("agent@163.com", (File("推荐表.pdf", "form", OTHER),), after=9))
    teller.tell(3, Mail("agent@163.com", (File("3.jpg", "photo"),), after=10_000))
    before = brief(teller)
    assert before == [(FIRM, [1], ["1:1.jpg", "1:推荐表.pdf"], []), (OTHER, [2, 3], ["2:推荐表.pdf", "3:3.jpg"], [])]
    with teller.store.transaction() as session:
        message = mail_row(session, teller.hashes[3])
        touched = desk(session).place(message, leaf_rows(session, message.sha256), row(session, 1), "电话核实。")
        assert [one.number for one in touched] == ["AL2026-0002", "AL2026-0001"]
    after = [(FIRM, [1, 3], ["1:1.jpg", "1:推荐表.pdf", "3:3.jpg"], []), (OTHER, [2], ["2:推荐表.pdf"], [])]
    assert brief(teller) == after
    with teller.store.transaction() as session:
        desk(session).undo(operations(session)[-1], "又弄错了。")
    assert brief(teller) == before


def test_a_submission_left_with_nothing_leads_to_where_its_files_went(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, Mail("b@qq.com", (File("3.jpg", "photo"),), after=9))
    with teller.store.transaction() as session:
        message = mail_row(session, teller.hashes[2])
        touched = desk(session).place(message, leaf_rows(session, message.sha256), row(session, 1), "同一家。")
        assert [one.number for one in touched] == ["AL2026-0001"]
        assert row(session, 2).number == "AL2026-0001"
    assert brief(teller) == [(FIRM, [1, 2], ["1:1.jpg", "1:推荐表.pdf", "2:3.jpg"], [])]


def test_a_strangers_mail_is_no_part_of_the_dossier_until_staff_take_it_in(teller: Teller) -> None:
    teller.tell(1, FORM)
    teller.tell(2, STRANGE)
    with teller.store.transaction() as session:
        one = row(session, 1)
        dossier = load_dossier(session, the_call(), one.id or 0, READER)
        assert [mail.sender_address for mail in dossier.mails] == ["a@firm.example"]
        assert (dossier.last_received, [file.name for file in dossier.files if file.state == "pending"]) == (
            FIRST,
            ["推荐表2.pdf"],
        )
        desk(session).accept(versions(session, one)[2:], "电话核实。")
        dossier = load_dossier(session, the_call(), one.id or 0, READER)
        assert [mail.sender_address for mail in dossier.mails] == ["a@firm.example", "b@else.example"]
        assert dossier.last_received == FIRST + timedelta(minutes=60)
