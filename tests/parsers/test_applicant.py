from __future__ import annotations

import pytest

from parsers.facts.mails import Address, MailReading
from parsers.names.applicant import (
    ApplicantRead,
    choose,
    claims_of_leaves,
    claims_of_mail,
    codes_of_leaves,
    read_applicant,
)
from parsers.names.company import NameRead
from tests.cases.telling import File

FIRM, OTHER, BODY = "浙江远衡精密机械有限公司", "杭州澜汀仪器仪表有限公司", "浙江省轴承工业协会"
MAIL = MailReading(
    sha256="a", size=1, subject=f"{FIRM}申报", text="材料见附件。", sender=Address("王工", "a@b.example")
)


def brief(read: ApplicantRead) -> tuple[str, bool, str]:
    return read.name, read.certain, read.reason


def test_every_source_is_read_with_its_own_confidence() -> None:
    leaves = [
        File("材料.zip/澜汀/推荐表.pdf", "form", FIRM, seal=FIRM).read(),
        File(f"{FIRM}.rar/{FIRM}-报告.docx", "report", names=("浙江大集团有限公司", FIRM)).read(),
        File(f"与{OTHER}签约.jpg", "photo").read(),
        File(f"{OTHER}.png", "noise").read(),
    ]
    assert [(claim.name, claim.source, round(claim.confidence, 2)) for claim in claims_of_leaves(leaves)] == [
        (FIRM, "form", 0.95),
        (FIRM, "seal", 0.72),
        (FIRM, "report", 0.85),
        (FIRM, "file-name", 0.8),
        (FIRM, "folder", 0.8),
        (OTHER, "file-name", 0.5),
    ]
    assert [(claim.name, claim.source) for claim in claims_of_mail(MAIL)] == [(FIRM, "subject")]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ([File("推荐表.pdf", "form", FIRM)], (FIRM, True, f"推荐表、邮件标题写的是“{FIRM}”。")),
        ([File("推荐表.pdf", "form", OTHER)], (OTHER, True, f"推荐表写的是“{OTHER}”，而邮件标题写的是“{FIRM}”。")),
        ([File("扫描.pdf", "form", sure=False)], (FIRM, False, f"邮件标题写的是“{FIRM}”。")),
        (
            [File("a.pdf", "form", FIRM), File("b.docx", "report", names=(OTHER,))],
            (FIRM, False, f"推荐表、邮件标题写的是“{FIRM}”，而案例报告写的是“{OTHER}”。"),
        ),
    ],
)
def test_the_choice_is_explained(files: list[File], expected: tuple[str, bool, str]) -> None:
    assert brief(read_applicant(MAIL, [file.read() for file in files])) == expected


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("XX公司", "推荐表上的单位名称“XX公司”是空白或占位文字，不是企业全称。"),
        (BODY, f"推荐表上的申报企业写成了推荐单位“{BODY}”。"),
    ],
)
def test_what_is_no_applicant_is_refused_with_the_reason(name: str, reason: str) -> None:
    assert brief(choose([NameRead(name, "form", 0.95)])) == ("", False, reason)


def test_names_that_may_never_apply_are_left_out() -> None:
    claims = [NameRead("浙江发行有限公司", "subject", 0.75), NameRead(FIRM, "mail-text", 0.6)]
    assert choose(claims, never=["浙江发行有限公司"]).name == FIRM
    assert choose([]).reason == "未读到申报单位名称。"


def test_several_places_that_agree_make_a_name_certain_and_one_alone_does_not() -> None:
    weak = NameRead(FIRM, "file-name", 0.8)
    assert choose([weak]).certain is False
    assert choose([weak, weak]).certain is False
    assert choose([weak, NameRead(FIRM, "subject", 0.75)]).certain is True


def test_a_credit_code_counts_only_where_there_is_one() -> None:
    good, other = "91330100799655058B", "91330300MA0000001R"
    form = File("推荐表.pdf", "form", FIRM, code=good).read()
    report = File("报告.docx", "report", names=(FIRM,), code=other).read()
    assert codes_of_leaves([form, report]) == (good, other)
    assert choose([NameRead(FIRM, "form", 0.95)], codes_of_leaves([form])).credit_code == good
    assert choose([NameRead(FIRM, "form", 0.95)], codes_of_leaves([form, report])).credit_code == ""


@pytest.mark.parametrize("seal", [0.5, 0.79, 0.81, 0.94])
def test_a_reason_names_its_sources_in_one_order_whatever_their_weight(seal: float) -> None:
    weights = {"sender": 0.9, "seal": seal, "file-name": 0.8, "report": 0.85, "form": 0.7}
    read = choose([NameRead(FIRM, source, weight) for source, weight in weights.items()])

    assert read.reason == f"推荐表、案例报告、文件名、公章、发件人名称写的是“{FIRM}”。"
