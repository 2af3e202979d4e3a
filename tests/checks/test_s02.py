"""Golden cases of S02: 申报单位是否明确，推荐表、报告、印章是否为同一单位？"""

from __future__ import annotations

import pytest

from config.call import Verdict
from flows.checks.s02_applicant_known import RULE
from store.dossier.dossier import NameClaim
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import (
    APPLICANT,
    RECOMMENDER,
    complete_dossier,
    field,
    form,
    report,
    scan,
    seal,
    with_fields,
    with_form,
    with_report,
)
from tests.checks.golden import Case, seen

CASES = {
    "one_name_everywhere_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "no_name_is_for_staff": Case(
        complete_dossier(applicant="", names=()),
        (Finding(RULE.code, Verdict.DOUBT, "未能认出申报单位的全称，请经办查看材料后填写。"),),
    ),
    "a_sample_name_is_for_staff": Case(
        complete_dossier(applicant="XX有限公司"),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报单位“XX有限公司”像是未填的样例，请经办核实。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_word_that_is_no_company_is_for_staff": Case(
        complete_dossier(applicant="综合办公室"),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报单位“综合办公室”不像企业全称，请经办核实。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "applicant_and_recommender_alike_is_for_staff": Case(
        complete_dossier(recommender=APPLICANT),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报单位与推荐单位同为“杭州钱江精密轴承有限公司”，请经办核实哪一个是申报企业。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "another_name_on_the_form_is_for_staff": Case(
        with_fields(applicant=field("宁波东海阀门有限公司", crop="c1")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("申报单位“杭州钱江精密轴承有限公司”与材料中的名称不一致：申报推荐表第1页为“宁波东海阀门有限公司”。"),
                evidence=(seen("推荐表.pdf", "申报推荐表第1页", "宁波东海阀门有限公司", "c1"),),
            ),
        ),
    ),
    "an_unsure_other_name_on_the_form_accuses_nobody": Case(
        with_fields(applicant=field("宁波东海阀门有限公司", certain=False)),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "brackets_and_spaces_make_no_other_name": Case(
        with_fields(applicant=field("杭州 钱江 精密轴承（有限）公司")),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_foreign_seal_alone_is_asked_about_by_the_rule_on_seals": Case(
        with_form(scan(seals=(seal("宁波东海阀门有限公司", crop="c2"),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”；印章上的名称不同，见 F03。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_foreign_seal_beside_another_name_on_the_form_stands_with_it": Case(
        with_form(
            scan(form=form(applicant=field("宁波东海阀门有限公司")), seals=(seal("宁波东海阀门有限公司", crop="c2"),))
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                (
                    "申报单位“杭州钱江精密轴承有限公司”与材料中的名称不一致：申报推荐表第1页为“宁波东海阀门有限公司”；"
                    "申报推荐表第1页印章为“宁波东海阀门有限公司”。"
                ),
                evidence=(
                    seen("推荐表.pdf", "申报推荐表第1页", "宁波东海阀门有限公司"),
                    seen("推荐表.pdf", "申报推荐表第1页印章", "宁波东海阀门有限公司", "c2"),
                ),
            ),
        ),
    ),
    "the_recommenders_seal_is_no_other_applicant": Case(
        with_form(scan(seals=(seal(RECOMMENDER),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_ring_text_one_character_off_is_left_to_f03": Case(
        with_form(scan(seals=(seal("杭州钱红精密轴承有限公司"),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_report_about_another_firm_is_for_staff": Case(
        with_report(report(names=("宁波东海阀门有限公司",))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("申报单位“杭州钱江精密轴承有限公司”与材料中的名称不一致：案例报告为“宁波东海阀门有限公司”。"),
                evidence=(seen("案例报告.docx", "案例报告", "宁波东海阀门有限公司"),),
            ),
        ),
    ),
    "a_short_form_in_the_report_passes": Case(
        with_report(report(names=("钱江精密轴承",))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报单位为“杭州钱江精密轴承有限公司”，各处一致。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "an_uncertain_applicant_is_for_staff_with_what_speaks_against_it": Case(
        complete_dossier(
            applicant_certain=False,
            names=(
                NameClaim(APPLICANT, "form", 0.9, "推荐表.pdf"),
                NameClaim("钱江绿色工厂", "report", 0.8, "案例报告.docx"),
            ),
        ),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                ("申报单位可能是“杭州钱江精密轴承有限公司”（案例报告.docx为“钱江绿色工厂”），尚不能确定，请经办核实。"),
                evidence=(
                    Evidence(place="推荐表.pdf", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="钱江绿色工厂"),
                ),
            ),
        ),
    ),
    "an_uncertain_applicant_is_for_staff": Case(
        complete_dossier(applicant_certain=False),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报单位可能是“杭州钱江精密轴承有限公司”，尚不能确定，请经办核实。",
                evidence=(
                    Evidence(place="推荐表.pdf 第1页", words="杭州钱江精密轴承有限公司"),
                    Evidence(place="案例报告.docx", words="杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_s02(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
