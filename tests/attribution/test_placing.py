"""Whose file is this? One mail against a told register: relation, basis, submission, and whether staff are asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from flows.attribution.placement import Placement
from flows.attribution.placing import attribute
from store.dossier.known_submission import Remembered
from store.states import Basis, MessageKind, Relation, SuggestionKind
from tests.attribution.fake import FakeLookups, known, read
from tests.cases.telling import File, Mail, the_call

FIRM, LIKE, OTHER = "浙江远衡精密机械有限公司", "浙江远衡精密机槭有限公司", "杭州澜汀仪器仪表有限公司"
OWN, STRANGER = "office@yuanheng.example", "someone@163.com"
LETTER, THREAD = "<letter-1@zhengji.example>", "<mail-9@sender.example>"
FORM = File("推荐表.pdf", "form", FIRM)
PHOTO = File("1.jpg", "photo")
STANDS = known(1, FIRM, OWN, case_titles=("轴承的成长",))


def placed(mail: Mail, lookups: FakeLookups, refs: tuple[str, ...] = ()) -> tuple[Placement, ...]:
    return attribute(read(mail, refs=refs), lookups, the_call()).placements


def summary(placement: Placement) -> tuple[Any, ...]:
    asked = placement.hint.kind if placement.hint else None
    return placement.relation, placement.basis, placement.submission, asked


REGISTER = FakeLookups((STANDS,), letters={LETTER: STANDS}, threads={THREAD: STANDS})


@pytest.mark.parametrize(
    ("mail", "refs", "expected"),
    [
        # Whoever answers our letter was sent it; another firm's papers are another firm's all the same.
        (Mail(STRANGER, (PHOTO,)), (LETTER,), (Relation.SUPPLEMENTS, Basis.TOKEN, 1, None)),
        (Mail(STRANGER, (File("a.pdf", "form", OTHER),)), (LETTER,), (Relation.OPENS, Basis.NEW, None, None)),
        # A number is believed from a sender of the submission only.
        (Mail(OWN, (PHOTO,), "补充AL2026-0001"), (), (Relation.SUPPLEMENTS, Basis.NUMBER, 1, None)),
        (Mail(OWN, (PHOTO,), "补充 al2026－1"), (), (Relation.SUPPLEMENTS, Basis.NUMBER, 1, None)),
        (Mail(STRANGER, (PHOTO,), "补充AL2026-0001"), (), (Relation.PENDING, Basis.NUMBER, 1, None)),
        (
            Mail("new@yuanheng.example", (FORM,), "补充AL2026-0001"),
            (),
            (Relation.SUPPLEMENTS, Basis.NUMBER, 1, None),
        ),
        # A thread can be copied: it counts from its own sender.
        (Mail(OWN, (PHOTO,)), (THREAD,), (Relation.SUPPLEMENTS, Basis.THREAD, 1, None)),
        (Mail(STRANGER, (PHOTO,)), (THREAD,), (Relation.OPENS, Basis.UNNAMED, None, None)),
        # The firm in the papers: its sender, a colleague, a stranger.
        (Mail(OWN, (FORM,)), (), (Relation.SUPPLEMENTS, Basis.NAME, 1, None)),
        (Mail("new@yuanheng.example", (FORM,)), (), (Relation.SUPPLEMENTS, Basis.NAME, 1, None)),
        (Mail(STRANGER, (FORM,)), (), (Relation.PENDING, Basis.NAME, 1, None)),
        # Nearly the same name: the same sender's slip, or another firm.
        (Mail(OWN, (File("a.pdf", "form", LIKE),)), (), (Relation.SUPPLEMENTS, Basis.NAME, 1, None)),
        (
            Mail(STRANGER, (File("a.pdf", "form", LIKE),)),
            (),
            (Relation.OPENS, Basis.NEW, None, SuggestionKind.MAYBE),
        ),
        # Files that name nobody.
        (Mail(OWN, (PHOTO,)), (), (Relation.SUPPLEMENTS, Basis.SENDER, 1, None)),
        (Mail(STRANGER, (PHOTO,)), (), (Relation.OPENS, Basis.UNNAMED, None, None)),
        # Nobody known.
        (Mail(OWN, (File("a.pdf", "form", OTHER),)), (), (Relation.OPENS, Basis.NEW, None, None)),
        # The receiving server says that the sender is not who he says he is.
        (Mail(OWN, (FORM,), auth="fail"), (), (Relation.PENDING, Basis.NAME, 1, None)),
        (Mail(OWN, (PHOTO,), auth="fail"), (LETTER,), (Relation.PENDING, Basis.TOKEN, 1, None)),
    ],
)
def test_a_mails_files_go_where_the_strongest_sign_says(
    mail: Mail, refs: tuple[str, ...], expected: tuple[Any, ...]
) -> None:
    (placement,) = placed(mail, REGISTER, refs)
    assert summary(placement) == expected
    assert placement.reason.endswith("。")


def test_a_second_case_opens_beside_the_first_and_asks_staff_unless_the_policy_accepts() -> None:
    papers = (FORM, File("报告.docx", "report", title="以绿色工厂为抓手的降本增效做法", names=(FIRM,)))
    (placement,) = placed(Mail(OWN, papers), FakeLookups((STANDS,)))
    assert summary(placement) == (Relation.OPENS, Basis.NAME, None, SuggestionKind.SECOND_CASE)
    assert placement.second_case_of == "AL2026-0001"
    (corrected,) = placed(Mail(OWN, papers, "更正后的材料"), FakeLookups((STANDS,)))
    assert summary(corrected) == (Relation.SUPPLEMENTS, Basis.NAME, 1, None)


def test_of_two_cases_of_one_firm_the_title_chooses_and_without_one_staff_are_asked() -> None:
    second = known(2, FIRM, OWN, case_titles=("绿色工厂的降本增效",))
    register = FakeLookups((STANDS, second))
    titled = File("报告.docx", "report", title="绿色工厂的降本增效", names=(FIRM,))
    assert [summary(one) for one in placed(Mail(OWN, (titled,)), register)] == [
        (Relation.SUPPLEMENTS, Basis.NAME, 2, None)
    ]
    assert [summary(one) for one in placed(Mail(OWN, (FORM,)), register)] == [
        (None, Basis.NAME, None, SuggestionKind.MAYBE)
    ]


def test_the_credit_code_finds_the_firm_under_another_name() -> None:
    stands = replace(STANDS, credit_code="91330100799655058B")
    mail = Mail(OWN, (File("a.pdf", "form", OTHER, code="91330100799655058B"),))
    assert summary(*placed(mail, FakeLookups((stands,)))) == (Relation.SUPPLEMENTS, Basis.CODE, 1, None)


def test_what_staff_remembered_of_a_sender_opens_for_that_firm_and_yields_to_a_firm_in_the_papers() -> None:
    register = FakeLookups(memory={STRANGER: Remembered(5, FIRM, kind="sender")})
    (opened,) = placed(Mail(STRANGER, (PHOTO,)), register)
    assert (summary(opened), opened.applicant) == ((Relation.OPENS, Basis.ALIAS, None, None), FIRM)
    (other,) = placed(Mail(STRANGER, (File("a.pdf", "form", OTHER),)), register)
    assert (summary(other), other.applicant) == ((Relation.OPENS, Basis.NEW, None, None), OTHER)


def test_a_nameless_submission_takes_in_its_senders_papers_that_name_the_firm() -> None:
    register = FakeLookups((known(4, "", STRANGER),))
    assert summary(*placed(Mail(STRANGER, (FORM,)), register)) == (Relation.SUPPLEMENTS, Basis.JOINED, 4, None)


def test_a_sender_of_two_firms_is_asked_about_unless_the_mail_calls_one_by_name() -> None:
    register = FakeLookups((STANDS, known(2, OTHER, OWN)))
    assert summary(*placed(Mail(OWN, (PHOTO,)), register)) == (None, Basis.SENDER, None, SuggestionKind.MAYBE)
    called = placed(Mail(OWN, (PHOTO,), "澜汀仪器仪表补充照片"), register)
    assert summary(*called) == (Relation.SUPPLEMENTS, Basis.NAME, 2, None)


def test_a_strangers_file_that_lies_in_a_submission_already_waits_there() -> None:
    mail = Mail(STRANGER, (PHOTO,))
    register = FakeLookups((STANDS,), files={read(mail).leaves[0].leaf.sha256: STANDS})
    assert summary(*placed(mail, register)) == (Relation.PENDING, Basis.FILES, 1, None)


def test_a_recommender_that_names_nobody_opens_nothing() -> None:
    register = FakeLookups(recommenders={"office@body.example": "浙江省轴承工业协会"})
    for mail, lookups in (
        (Mail("office@body.example", (PHOTO,)), register),
        (Mail("office@body.example", (PHOTO,), name="浙江省轴承工业协会"), FakeLookups()),
    ):
        assert summary(*placed(mail, lookups)) == (None, Basis.SENDER, None, SuggestionKind.MAYBE)


def test_files_for_a_withdrawn_submission_are_filed_and_staff_are_asked() -> None:
    register = FakeLookups((replace(STANDS, withdrawn=True),), letters={LETTER: replace(STANDS, withdrawn=True)})
    (placement,) = placed(Mail(OWN, (PHOTO,)), register, (LETTER,))
    assert summary(placement) == (Relation.SUPPLEMENTS, Basis.TOKEN, 1, SuggestionKind.MAYBE)


def test_a_mail_of_several_firms_is_placed_firm_by_firm_and_what_fits_none_is_left() -> None:
    files = (
        File("甲/推荐表.pdf", "form", FIRM, holds="a"),
        File("乙/推荐表.pdf", "form", OTHER, holds="b"),
        File("合影.jpg", "photo"),
    )
    decision = attribute(read(Mail("office@body.example", files)), FakeLookups((STANDS,)), the_call())
    assert decision.kind is MessageKind.SUBMISSION
    assert [(one.files, *summary(one)) for one in decision.placements] == [
        ((0,), Relation.PENDING, Basis.NAME, 1, None),
        ((1,), Relation.BUNDLE, Basis.NEW, None, None),
    ]
    assert decision.leftovers == (2,)


@pytest.mark.parametrize(
    ("mail", "refs", "kind", "concerns"),
    [
        (Mail(OWN, intent="question"), (LETTER,), MessageKind.INQUIRY, (1, Basis.TOKEN)),
        (Mail(OWN, text="AL2026-0001收到了吗", intent="question"), (), MessageKind.INQUIRY, (1, Basis.NUMBER)),
        (Mail(STRANGER, text="AL2026-0001收到了吗", intent="question"), (), MessageKind.INQUIRY, None),
        (Mail(OWN, intent="question"), (THREAD,), MessageKind.INQUIRY, (1, Basis.THREAD)),
        (Mail(OWN, intent="question"), (), MessageKind.INQUIRY, (1, Basis.SENDER)),
        (Mail(OWN, intent="advert"), (), MessageKind.INQUIRY, None),
        (Mail(STRANGER, intent="advert"), (), MessageKind.IRRELEVANT, None),
        (Mail(OWN, machine="自动回复。", intent="question"), (), MessageKind.INQUIRY, (1, Basis.SENDER)),
    ],
)
def test_a_mail_without_material_is_tied_by_letter_number_thread_or_a_known_sender_and_is_never_irrelevant_from_one(
    mail: Mail, refs: tuple[str, ...], kind: MessageKind, concerns: tuple[int, Basis] | None
) -> None:
    decision = attribute(read(mail, refs=refs), REGISTER, the_call())
    tied = [(one.submission, one.basis) for one in decision.placements if one.relation is Relation.CONCERNS]
    assert (decision.kind, tied) == (kind, [concerns] if concerns else [])
