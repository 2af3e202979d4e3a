"""Golden cases of P03: 照片是否清晰、够大、不重复？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.p03_photo_usable import RULE
from store.dossier.finding import Finding
from tests.checks.dossiers import complete_dossier, photo, picture, with_photos, without
from tests.checks.golden import Case, seen

CASES = {
    "good_photos_pass": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "照片清晰，大小合适。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                ),
            ),
        ),
    ),
    "a_small_photo_is_a_hint": Case(
        with_photos(photo(1, picture(1, width=640, height=480)), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "照片“照片1.jpg”尺寸偏小（640×480 像素）。",
                defect="照片“照片1.jpg”尺寸偏小（640×480 像素）",
                cure="如有更清晰的原图，可补发。",
                evidence=(seen("照片1.jpg", "图片", "尺寸偏小（640×480 像素）"),),
            ),
        ),
    ),
    "a_blurred_photo_is_a_hint": Case(
        with_photos(photo(1, picture(1, sharpness=3.0)), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "照片“照片1.jpg”不够清晰。",
                defect="照片“照片1.jpg”不够清晰",
                cure="如有更清晰的原图，可补发。",
                evidence=(seen("照片1.jpg", "图片", "不够清晰"),),
            ),
        ),
    ),
    "a_squeezed_photo_is_a_hint": Case(
        with_photos(photo(1, size=21_000), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "照片“照片1.jpg”压缩过度（21 KB）。",
                defect="照片“照片1.jpg”压缩过度（21 KB）",
                cure="如有更清晰的原图，可补发。",
                evidence=(seen("照片1.jpg", "图片", "压缩过度（21 KB）"),),
            ),
        ),
    ),
    "photos_just_good_enough_pass": Case(
        with_photos(photo(1, picture(1, width=800, height=600, sharpness=10.0), size=40_000), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "照片清晰，大小合适。",
                evidence=(
                    seen("照片1.jpg"),
                    seen("照片2.jpg"),
                ),
            ),
        ),
    ),
    "a_screenshot_is_a_hint": Case(
        with_photos(photo(1, picture(1, looks_like="screenshot")), photo(2)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "照片“照片1.jpg”像是屏幕截图。",
                defect="照片“照片1.jpg”像是屏幕截图",
                cure="如有更清晰的原图，可补发。",
                evidence=(seen("照片1.jpg", "图片", "像是屏幕截图"),),
            ),
        ),
    ),
    "a_repeat_is_a_hint": Case(
        with_photos(photo(1), photo(2), photo(3, sha256=photo(1).sha256)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "照片“照片3.jpg”与“照片1.jpg”相同。",
                defect="照片“照片3.jpg”与“照片1.jpg”相同",
                cure="如有更清晰的原图，可补发。",
                evidence=(replace(seen("照片3.jpg", "图片", "与“照片1.jpg”相同"), sha256=photo(1).sha256),),
            ),
        ),
    ),
    "without_photos_there_is_nothing_to_judge": Case(
        without("photos"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "没有可以查看的照片。"),)
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_p03(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
