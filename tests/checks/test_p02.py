"""Golden cases of P02: 每张照片是否注明内容概要？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.p02_photo_captions import RULE
from store.dossier.dossier import FiledFile
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, filed, mail, photo, with_photos, without
from tests.checks.golden import Case, seen


def bare(number: int) -> FiledFile:
    """A photo straight from a camera, with nothing written to it."""
    return photo(number, name=f"IMG_{number:04d}.jpg", caption="", caption_from="")


CASES = {
    "captions_everywhere_pass": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "2 张照片都有内容概要。",
                evidence=(
                    seen("照片1.jpg", "文件名", "第1条产线全景"),
                    seen("照片2.jpg", "文件名", "第2条产线全景"),
                ),
            ),
        ),
    ),
    "no_caption_at_all_is_missing": Case(
        with_photos(bare(1), bare(2)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要。",
                defect="照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "one_caption_lacking_is_a_hint": Case(
        with_photos(photo(1), bare(2)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未找到照片“IMG_0002.jpg”的内容概要。",
                defect="未找到照片“IMG_0002.jpg”的内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("照片1.jpg", "文件名", "第1条产线全景"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "words_about_the_pictures_in_the_mail_leave_a_hint": Case(
        replace(with_photos(bare(1), bare(2)), mails=(mail(text="照片说明：厂区与产线。"),)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未找到照片“IMG_0001.jpg”、“IMG_0002.jpg”的内容概要。",
                defect="未找到照片“IMG_0001.jpg”、“IMG_0002.jpg”的内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "a_mail_that_only_counts_its_photos_describes_none": Case(
        replace(with_photos(bare(1), bare(2)), mails=(mail(text="附推荐表、报告和照片2张。"),)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要。",
                defect="照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "a_list_of_captions_that_was_not_matched_leaves_a_hint": Case(
        with_photos(bare(1), bare(2), filed("照片说明.docx", type="docx")),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "未找到照片“IMG_0001.jpg”、“IMG_0002.jpg”的内容概要。",
                defect="未找到照片“IMG_0001.jpg”、“IMG_0002.jpg”的内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "a_licence_in_the_mail_is_no_list_of_captions": Case(
        with_photos(bare(1), bare(2), filed("营业执照.pdf")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要。",
                defect="照片“IMG_0001.jpg”、“IMG_0002.jpg”没有内容概要",
                cure="请为每张照片注明内容概要：写在文件名中，或附一份照片说明。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("IMG_0002.jpg"),
                ),
            ),
        ),
    ),
    "a_photo_sent_again_with_a_caption_has_one": Case(
        with_photos(bare(1), photo(1, name="产线全景.jpg", sha256=bare(1).sha256), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "2 张照片都有内容概要。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("照片2.jpg", "文件名", "第2条产线全景"),
                ),
            ),
        ),
    ),
    "of_two_that_look_alike_one_caption_is_enough": Case(
        with_photos(bare(1), photo(1, name="产线全景.jpg"), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "3 张照片都有内容概要。",
                evidence=(
                    seen("IMG_0001.jpg"),
                    seen("产线全景.jpg", "文件名", "第1条产线全景"),
                    seen("照片2.jpg", "文件名", "第2条产线全景"),
                ),
            ),
        ),
    ),
    "without_photos_p01_speaks": Case(
        without("photos"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到照片，见 P01。"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_p02(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
