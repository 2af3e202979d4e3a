"""Golden cases of F01: 是否收到推荐表？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.f01_form_present import RULE
from parsers.facts.leaf import Role
from parsers.facts.mails import CloudLink
from store.dossier.finding import Finding
from store.states import VersionState
from tests.checks.dossiers import complete_dossier, filed, form_file, key_sme_2025, report_file, without
from tests.checks.golden import Case, seen

CASES = {
    "a_filed_form_passes": Case(
        complete_dossier(),
        (Finding(RULE.code, Verdict.PASS, "已收到申报推荐表“推荐表.pdf”。", evidence=(seen("推荐表.pdf"),)),),
    ),
    "no_form_is_missing": Case(
        without("form"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有申报推荐表。",
                defect="未收到《浙江省专精特新企业发展优秀案例申报推荐表》",
                cure=("请填写《浙江省专精特新企业发展优秀案例申报推荐表》并加盖公章，以“盖章扫描 pdf 格式”发送。"),
            ),
        ),
    ),
    "a_superseded_form_does_not_count": Case(
        complete_dossier(files=(form_file(state=VersionState.SUPERSEDED), report_file())),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有申报推荐表。",
                defect="未收到《浙江省专精特新企业发展优秀案例申报推荐表》",
                cure=("请填写《浙江省专精特新企业发展优秀案例申报推荐表》并加盖公章，以“盖章扫描 pdf 格式”发送。"),
            ),
        ),
    ),
    "a_locked_archive_may_hold_it": Case(
        complete_dossier(files=(filed("申报材料.rar", type="rar", role=Role.UNREADABLE),)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未见申报推荐表，但可能在尚未读到或归档的“申报材料.rar”中。",
                waits_for=("申报材料.rar",),
            ),
        ),
    ),
    "a_broken_video_cannot_hold_it": Case(
        complete_dossier(files=(filed("宣传片.mp4", type="video", role=Role.UNREADABLE),)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有申报推荐表。",
                defect="未收到《浙江省专精特新企业发展优秀案例申报推荐表》",
                cure=("请填写《浙江省专精特新企业发展优秀案例申报推荐表》并加盖公章，以“盖章扫描 pdf 格式”发送。"),
            ),
        ),
    ),
    "a_cloud_link_may_hold_it": Case(
        replace(without("form"), links=(CloudLink("https://example.com/f", "网易163超大附件", "推荐表.pdf"),)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未见申报推荐表，但可能在尚未读到或归档的“推荐表.pdf”中。",
                waits_for=("推荐表.pdf",),
            ),
        ),
    ),
    "the_other_call_asks_in_its_own_words": Case(
        without("form"),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "来信中没有“重点省专”企业申请表。",
                defect="未收到《2025年浙江省重点专精特新中小企业申请表》",
                cure="请填写《2025年浙江省重点专精特新中小企业申请表》并加盖公章，作为附件发送。",
            ),
        ),
        key_sme_2025(),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
