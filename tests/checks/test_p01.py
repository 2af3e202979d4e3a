"""Golden cases of P01: 照片张数是否符合要求？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.p01_photo_count import RULE
from parsers.facts.leaf import Role
from parsers.facts.looks import Figure
from store.dossier.finding import Finding
from tests.checks.dossiers import (
    complete_dossier,
    filed,
    form_file,
    photo,
    picture,
    report,
    report_file,
    with_photos,
    with_policy,
    without,
)
from tests.checks.golden import Case, seen

CASES = {
    "two_photos_pass": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "收到 2 张不同的照片。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                ),
            ),
        ),
    ),
    "three_photos_pass": Case(
        with_photos(photo(1), photo(2), photo(3)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "收到 3 张不同的照片。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                    seen("照片3.jpg"),
                ),
            ),
        ),
    ),
    "one_photo_is_missing_one": Case(
        with_photos(photo(1)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "不同的照片只有 1 张，应为 2-3 张。",
                defect="只收到 1 张照片，通知要求 2-3 张",
                cure="请将照片作为图片文件补发，并为每张注明内容概要。报告中的插图如要作为照片，请另存为图片文件一并发送。",
                evidence=(seen("照片1.jpg"),),
            ),
        ),
    ),
    "no_photo_is_missing_all": Case(
        without("photos"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "不同的照片只有 0 张，应为 2-3 张。",
                defect="未收到照片，通知要求 2-3 张",
                cure="请将照片作为图片文件补发，并为每张注明内容概要。报告中的插图如要作为照片，请另存为图片文件一并发送。",
            ),
        ),
    ),
    "the_same_file_twice_is_one_photo": Case(
        with_photos(photo(1), photo(1, name="全景.jpg", sha256=photo(1).sha256)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "不同的照片只有 1 张，应为 2-3 张。",
                defect="只收到 1 张照片，通知要求 2-3 张（“全景.jpg”与其他照片相同，不重复计算）",
                cure="请将照片作为图片文件补发，并为每张注明内容概要。报告中的插图如要作为照片，请另存为图片文件一并发送。",
                evidence=(
                    seen("照片1.jpg"),
                    replace(seen("全景.jpg"), sha256=photo(1).sha256),
                ),
            ),
        ),
    ),
    "two_pictures_that_look_alike_are_for_staff_and_nobody_is_accused": Case(
        with_photos(photo(1), photo(2, picture(2, phash="ffff0000ffff0001"))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "收到 2 张照片，其中“照片2.jpg”与“照片1.jpg”相像，请经办看是否为同一张。",
                evidence=(seen("照片1.jpg"), seen("照片2.jpg")),
            ),
        ),
    ),
    "two_that_look_alike_beside_enough_others_trouble_nobody": Case(
        with_photos(photo(1), photo(2, picture(2, phash="ffff0000ffff0001")), photo(3)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "收到 3 张不同的照片。",
                evidence=(seen("照片1.jpg"), seen("照片2.jpg"), seen("照片3.jpg")),
            ),
        ),
    ),
    "four_photos_are_a_hint": Case(
        with_photos(photo(1), photo(2), photo(3), photo(4)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "共收到 4 张不同的照片，通知要求 2-3 张。",
                defect="共收到 4 张不同的照片，通知要求 2-3 张",
                cure="如有侧重，可回信指明使用哪 3 张。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                    seen("照片3.jpg"),
                    seen("照片4.jpg"),
                ),
            ),
        ),
    ),
    "four_photos_pass_where_the_policy_says_so": Case(
        with_photos(photo(1), photo(2), photo(3), photo(4)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "收到 4 张不同的照片。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                    seen("照片3.jpg"),
                    seen("照片4.jpg"),
                ),
            ),
        ),
        with_policy("more_than_three_photos", "accept"),
    ),
    "a_locked_archive_may_hold_more": Case(
        with_photos(photo(1), filed("照片.zip", type="zip", role=Role.UNREADABLE)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "只见 1 张照片，但可能另有照片在尚未读到或归档的“照片.zip”中。",
                evidence=(seen("照片1.jpg"),),
                waits_for=("照片.zip",),
            ),
        ),
    ),
    "pictures_in_the_report_do_not_count": Case(
        replace(
            without("photos"), files=(form_file(), report_file(report(figures=(Figure("figure"), Figure("figure")))))
        ),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "不同的照片只有 0 张，应为 2-3 张。",
                defect="未收到照片，通知要求 2-3 张",
                cure="请将照片作为图片文件补发，并为每张注明内容概要。报告中的插图如要作为照片，请另存为图片文件一并发送。",
            ),
        ),
    ),
    "pictures_in_the_report_are_for_staff_where_the_policy_says_so": Case(
        without("photos"),
        (Finding(RULE.code, Verdict.DOUBT, "只见 0 张照片，案例报告中另有 1 处图片，是否算作照片请经办决定。"),),
        with_policy("photos_in_report", "doubt"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_p01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
