"""Golden cases of F03: 推荐表是否加盖公章，印章是谁的？"""

from __future__ import annotations

from dataclasses import replace

import pytest

from config.call import Verdict
from flows.checks.f03_form_stamped import RULE
from parsers.facts.looks import Colour, Look, SealStrength, Signature
from store.dossier.finding import Finding
from tests.checks.dossiers import (
    APPLICANT,
    CREDIT_CODE,
    LOCKED,
    RECOMMENDER,
    complete_dossier,
    scan,
    seal,
    with_form,
    with_policy,
    without,
)
from tests.checks.golden import Case, seen

CASES = {
    "the_applicants_seal_passes": Case(
        complete_dossier(),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报推荐表盖有“杭州钱江精密轴承有限公司”的印章。",
                evidence=(seen("推荐表.pdf", "第1页印章", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "the_credit_code_in_the_seal_is_enough": Case(
        with_form(scan(seals=(seal("", confidence=0.0, serial=CREDIT_CODE),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报推荐表盖有“杭州钱江精密轴承有限公司”的印章。",
                evidence=(seen("推荐表.pdf", "第1页印章"),),
            ),
        ),
    ),
    "without_a_form_f01_speaks": Case(
        without("form"), (Finding(RULE.code, Verdict.NOT_APPLICABLE, "未收到申报推荐表，见 F01。"),)
    ),
    "a_locked_form_is_left_to_a01": Case(
        with_form(problems=(LOCKED,)),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "申报推荐表“推荐表.pdf”无法打开，见 A01。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "a_word_form_is_left_to_f02": Case(
        with_form(type="docx", look=Look(type="docx")),
        (
            Finding(
                RULE.code,
                Verdict.NOT_APPLICABLE,
                "申报推荐表“推荐表.pdf”不是扫描件，见 F02。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "a_page_nobody_looked_at_is_for_staff": Case(
        with_form(look=Look(type="pdf")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "未能查看申报推荐表“推荐表.pdf”的页面，请人工确认是否盖章。",
                evidence=(seen("推荐表.pdf"),),
            ),
        ),
    ),
    "no_seal_on_a_clean_colour_page_is_missing": Case(
        with_form(scan(seals=(), seal_place="c3")),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表“推荐表.pdf”是清晰的彩色页面，未见印章。",
                defect="申报推荐表“推荐表.pdf”上没有看到公章",
                cure="请在申报推荐表上加盖单位公章，彩色扫描成 PDF 后重新发送。",
                evidence=(seen("推荐表.pdf", "共1页", crop="c3"),),
            ),
        ),
    ),
    "no_seal_on_a_grey_scan_is_for_staff": Case(
        with_form(scan(seals=(), clean=False, colour=Colour.GREY, seal_place="c3")),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表是黑白扫描，无法分辨印章，请人工确认。",
                evidence=(seen("推荐表.pdf", "共1页", crop="c3"),),
            ),
        ),
    ),
    "no_seal_on_a_black_and_white_scan_is_for_staff": Case(
        with_form(scan(seals=(), clean=False, colour=Colour.BILEVEL)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表是黑白扫描，无法分辨印章，请人工确认。",
                evidence=(seen("推荐表.pdf", "共1页"),),
            ),
        ),
    ),
    "no_seal_on_a_poor_colour_page_is_for_staff": Case(
        with_form(scan(seals=(), clean=False)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表上未认出印章，但页面不够清晰，请人工确认。",
                evidence=(seen("推荐表.pdf", "共1页"),),
            ),
        ),
    ),
    "a_faint_seal_is_for_staff": Case(
        with_form(scan(seals=(seal("", confidence=0.0, strength=SealStrength.MID, crop="c4"),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表上似有印章，但不清晰，请人工确认。",
                evidence=(seen("推荐表.pdf", "第1页印章", crop="c4"),),
            ),
        ),
    ),
    "an_unreadable_ring_is_for_staff": Case(
        with_form(scan(seals=(seal("杭州", confidence=0.3),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表盖有印章，但印文未能辨认，请人工核对是否为申报单位公章。",
                evidence=(seen("推荐表.pdf", "第1页印章", "杭州"),),
            ),
        ),
    ),
    "the_recommenders_seal_alone_is_for_staff": Case(
        with_form(scan(seals=(seal(RECOMMENDER),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表上只认出推荐单位“浙江省轴承工业协会”的印章，未认出申报单位公章。",
                evidence=(seen("推荐表.pdf", "第1页印章", "浙江省轴承工业协会"),),
            ),
        ),
    ),
    "the_recommenders_seal_beside_the_applicants_passes": Case(
        with_form(scan(seals=(seal(RECOMMENDER), seal(page=2)))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报推荐表盖有“杭州钱江精密轴承有限公司”的印章。",
                evidence=(
                    seen("推荐表.pdf", "第1页印章", "浙江省轴承工业协会"),
                    seen("推荐表.pdf", "第2页印章", "杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "a_foreign_seal_is_for_staff": Case(
        with_form(scan(seals=(seal("宁波东海阀门有限公司"),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表印章为“宁波东海阀门有限公司”，与申报单位“杭州钱江精密轴承有限公司”不一致。",
                evidence=(seen("推荐表.pdf", "第1页印章", "宁波东海阀门有限公司"),),
            ),
        ),
    ),
    "a_ring_text_one_character_off_is_for_staff": Case(
        with_form(scan(seals=(seal("杭州钱红精密轴承有限公司"),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                (
                    "申报推荐表印文读作“杭州钱红精密轴承有限公司”，与申报单位“杭州钱江精密轴承"
                    "有限公司”相差一两个字，可能是误读，请人工核对。"
                ),
                evidence=(seen("推荐表.pdf", "第1页印章", "杭州钱红精密轴承有限公司"),),
            ),
        ),
    ),
    "a_seal_of_an_unknown_applicant_is_for_staff": Case(
        replace(complete_dossier(), applicant=""),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表盖有“杭州钱江精密轴承有限公司”的印章，但申报单位尚未认定，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页印章", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "an_e_seal_is_for_staff": Case(
        with_form(scan(seals=(), signatures=(Signature("Signature1", APPLICANT),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表未见印章，带有电子签章（杭州钱江精密轴承有限公司），是否视同盖章请经办决定。",
                evidence=(seen("推荐表.pdf", "PDF 电子签章", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "an_e_seal_passes_where_the_policy_says_so": Case(
        with_form(scan(seals=(), signatures=(Signature("Signature1", APPLICANT, covers_whole_file=True),))),
        (
            Finding(
                RULE.code,
                Verdict.PASS,
                "申报推荐表带有电子签章（杭州钱江精密轴承有限公司），按本次征集的口径视同盖章。",
                evidence=(seen("推荐表.pdf", "PDF 电子签章", "杭州钱江精密轴承有限公司"),),
            ),
        ),
        with_policy("e_seal_counts", "yes"),
    ),
    "a_file_changed_after_it_was_signed_is_for_staff_whatever_the_policy": Case(
        with_form(scan(seals=(), signatures=(Signature("Signature1", APPLICANT), Signature("", RECOMMENDER)))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                f"申报推荐表带有电子签章（杭州钱江精密轴承有限公司、{RECOMMENDER}），但签署后文件又被改动过，请人工核实。",
                evidence=(seen("推荐表.pdf", "PDF 电子签章", f"杭州钱江精密轴承有限公司、{RECOMMENDER}"),),
            ),
        ),
        with_policy("e_seal_counts", "yes"),
    ),
    "a_seal_on_another_page_than_the_form_is_for_staff": Case(
        with_form(scan(seals=(seal(page=2), seal(page=3)))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表在第1页，未见印章；“杭州钱江精密轴承有限公司”的印章盖在第2页、第3页，请人工确认。",
                evidence=(
                    seen("推荐表.pdf", "第2页印章", "杭州钱江精密轴承有限公司"),
                    seen("推荐表.pdf", "第3页印章", "杭州钱江精密轴承有限公司"),
                ),
            ),
        ),
    ),
    "the_applicants_name_read_without_certainty_is_said_to_be_likely": Case(
        with_form(scan(seals=(seal(confidence=0.84),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表印文似为“杭州钱江精密轴承有限公司”，与申报单位一致，但个别字认不准，请人工核对。",
                evidence=(seen("推荐表.pdf", "第1页印章", "杭州钱江精密轴承有限公司"),),
            ),
        ),
    ),
    "a_name_corrected_by_the_lists_is_shown_beside_what_was_read": Case(
        with_form(scan(seals=(seal(confidence=0.8, raw="杭州钱江精密轴系有限公司"),))),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "申报推荐表印文似为“杭州钱江精密轴承有限公司”，与申报单位一致，但个别字认不准，请人工核对。",
                evidence=(
                    seen(
                        "推荐表.pdf",
                        "第1页印章",
                        "杭州钱江精密轴承有限公司（读作“杭州钱江精密轴系有限公司”，据已知名称校正）",
                    ),
                ),
            ),
        ),
    ),
    "an_e_seal_is_missing_the_stamp_where_the_policy_says_so": Case(
        with_form(scan(seals=(), signatures=(Signature("Signature1"),))),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "申报推荐表只有电子签章（Signature1），没有盖章；按本次征集的口径不视同盖章。",
                defect="申报推荐表“推荐表.pdf”只有电子签章，未见加盖公章",
                cure="请打印后加盖公章，扫描成 PDF 重新发送。",
                evidence=(seen("推荐表.pdf", "PDF 电子签章", "Signature1"),),
            ),
        ),
        with_policy("e_seal_counts", "no"),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_f03(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
