"""Golden cases of A01: 来信中的文件是否都能读取？"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from config.call import Verdict
from flows.checks.a01_all_readable import RULE
from parsers.facts.leaf import Role
from parsers.facts.looks import Look
from parsers.facts.mails import CloudLink
from parsers.facts.problem import Problem, Weight
from store.dossier.dossier import GIVEN_SHORT
from store.dossier.finding import Evidence, Finding
from tests.checks.dossiers import LOCKED, ZONE, complete_dossier, filed, form_file, photo, with_form, without
from tests.checks.golden import Case, seen

SHORT = Problem(
    GIVEN_SHORT, "服务器说这封信有 900 字节，取了 3 次，最近一次只给出 800 字节。", weight=Weight.UNREADABLE
)
KEPT_BACK = filed("（来信中可能没有收到的部分）", type="", role=Role.UNREADABLE, problems=(SHORT,))
LIMIT = Problem("reader-timeout", "读取超过 60 秒，已中止。", cure="请重新发送。", weight=Weight.UNREADABLE)
STOPPED = filed("案例报告.docx", type="docx", role=Role.UNREADABLE, look=Look("docx", problems=(LIMIT,)))

CASES = {
    "everything_opened_passes": Case(complete_dossier(), (Finding(RULE.code, Verdict.PASS, "来信中的文件均可读取。"),)),
    "a_locked_archive_that_may_hold_everything_is_missing": Case(
        complete_dossier(files=(filed("申报材料.rar", type="rar", role=Role.UNREADABLE, problems=(LOCKED,)),)),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“申报材料.rar”无法读取：文件设有密码，因此尚未看到申报推荐表、案例报告、照片。",
                defect="文件“申报材料.rar”无法读取：文件设有密码",
                cure="请去掉密码后重新发送。其中若没有申报推荐表、案例报告、照片，请一并补交。",
                item="申报材料.rar",
                evidence=(seen("申报材料.rar", words="文件设有密码"),),
            ),
        ),
    ),
    "a_locked_file_where_nothing_lacks_is_a_hint": Case(
        complete_dossier(
            files=(*complete_dossier().files, filed("附录.zip", type="zip", role=Role.UNREADABLE, problems=(LOCKED,)))
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "文件“附录.zip”无法读取：文件设有密码。",
                defect="文件“附录.zip”无法读取：文件设有密码",
                cure="请去掉密码后重新发送。",
                item="附录.zip",
                evidence=(seen("附录.zip", words="文件设有密码"),),
            ),
        ),
    ),
    "what_the_server_may_have_kept_back_is_staffs_where_something_lacks": Case(
        complete_dossier(files=(form_file(), photo(1), KEPT_BACK)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "服务器说这封信有 900 字节，取了 3 次，最近一次只给出 800 字节，因此不能认定缺少案例报告、照片："
                "请到网页邮箱打开这封来信核对。",
                item="（来信中可能没有收到的部分）",
            ),
        ),
    ),
    "what_our_own_limit_stopped_is_staffs_and_nobody_is_asked_to_mend_it": Case(
        complete_dossier(files=(form_file(), photo(1), photo(2), STOPPED)),
        (
            Finding(
                RULE.code,
                Verdict.DOUBT,
                "文件“案例报告.docx”读取超过 60 秒，已中止，因此不能认定缺少案例报告：请下载这个文件人工查看。",
                item="案例报告.docx",
            ),
        ),
    ),
    "what_our_own_limit_stopped_is_a_hint_where_nothing_lacks": Case(
        complete_dossier(files=(*complete_dossier().files, replace(STOPPED, name="附图.docx", path="附图.docx"))),
        (Finding(RULE.code, Verdict.HINT, "文件“附图.docx”读取超过 60 秒，已中止。", item="附图.docx"),),
    ),
    "what_the_server_may_have_kept_back_is_a_hint_where_nothing_lacks": Case(
        complete_dossier(files=(*complete_dossier().files, KEPT_BACK)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "服务器说这封信有 900 字节，取了 3 次，最近一次只给出 800 字节；材料已齐。",
                item="（来信中可能没有收到的部分）",
            ),
        ),
    ),
    "a_broken_picture_hides_photos_only": Case(
        complete_dossier(
            files=(
                form_file(),
                photo(1),
                filed("照片2.jpg", path="材料.zip/照片2.jpg", type="jpeg", role=Role.UNREADABLE),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“照片2.jpg”无法读取：无法打开，因此尚未看到照片。",
                defect="文件“照片2.jpg”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。",
                item="材料.zip/照片2.jpg",
                evidence=(seen("照片2.jpg", "材料.zip/照片2.jpg", "无法打开", path="材料.zip/照片2.jpg"),),
            ),
        ),
    ),
    "a_locked_form_hides_the_form": Case(
        with_form(problems=(LOCKED,), look=None),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“推荐表.pdf”无法读取：文件设有密码，因此尚未看到申报推荐表。",
                defect="文件“推荐表.pdf”无法读取：文件设有密码",
                cure="请去掉密码后重新发送。",
                item="推荐表.pdf",
                evidence=(seen("推荐表.pdf", words="文件设有密码"),),
            ),
        ),
    ),
    "a_file_inside_a_broken_archive_is_not_told_again": Case(
        complete_dossier(
            files=(
                filed("材料.zip", type="zip", role=Role.UNREADABLE),
                filed("推荐表.pdf", path="材料.zip/推荐表.pdf", role=Role.UNREADABLE),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“材料.zip”无法读取：无法打开，因此尚未看到申报推荐表、案例报告、照片。",
                defect="文件“材料.zip”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。其中若没有申报推荐表、案例报告、照片，请一并补交。",
                item="材料.zip",
                evidence=(seen("材料.zip", words="无法打开"),),
            ),
        ),
    ),
    "the_same_name_in_another_mail_is_told_apart": Case(
        complete_dossier(
            files=(
                filed("材料.zip", type="zip", role=Role.UNREADABLE),
                filed("推荐表.pdf", path="材料.zip/推荐表.pdf", message="other", role=Role.UNREADABLE),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“材料.zip”无法读取：无法打开，因此尚未看到申报推荐表、案例报告、照片。",
                defect="文件“材料.zip”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。其中若没有申报推荐表、案例报告、照片，请一并补交。",
                item="材料.zip",
                evidence=(seen("材料.zip", words="无法打开"),),
            ),
            Finding(
                RULE.code,
                Verdict.MISSING,
                "文件“推荐表.pdf”无法读取：无法打开，因此尚未看到申报推荐表、案例报告。",
                defect="文件“推荐表.pdf”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。",
                item="材料.zip/推荐表.pdf",
                evidence=(seen("推荐表.pdf", "材料.zip/推荐表.pdf", "无法打开", path="材料.zip/推荐表.pdf"),),
            ),
        ),
    ),
    "a_locked_archive_whose_content_came_later_is_a_note_for_staff": Case(
        complete_dossier(
            files=(
                filed(
                    "申报材料.rar",
                    type="rar",
                    role=Role.UNREADABLE,
                    problems=(LOCKED,),
                    received=datetime(2026, 5, 7, tzinfo=ZONE),
                ),
                *complete_dossier().files,
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "此前来信中的文件“申报材料.rar”无法读取（文件设有密码）；其后来信已补齐材料。",
                item="申报材料.rar",
                evidence=(seen("申报材料.rar", words="文件设有密码"),),
            ),
        ),
    ),
    "a_cloud_link_in_place_of_the_photos_is_missing": Case(
        replace(
            without("photos"),
            links=(
                CloudLink(
                    "https://example.com/x",
                    "网易163超大附件",
                    "照片.zip",
                    expires=datetime(2026, 5, 23, 9, 30, tzinfo=ZONE),
                ),
            ),
        ),
        (
            Finding(
                RULE.code,
                Verdict.MISSING,
                (
                    "来信中的网易163超大附件链接“照片.zip”（2026-05-23 09:30 到期）不是附件，无"
                    "法存档，因此尚未看到照片。"
                ),
                defect="来信中的网易163超大附件链接“照片.zip”（2026-05-23 09:30 到期）不是附件，无法存档",
                cure="请改用普通附件重新发送，过大时可分几封发送。其中若没有照片，请一并补交。",
                item="https://example.com/x",
                evidence=(Evidence(place="邮件正文", words="网易163超大附件 照片.zip"),),
            ),
        ),
    ),
    "a_cloud_link_where_nothing_lacks_is_a_hint": Case(
        complete_dossier(links=(CloudLink("https://example.com/x", "百度网盘"),)),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "来信中的百度网盘链接不是附件，无法存档。",
                defect="来信中的百度网盘链接不是附件，无法存档",
                cure="请改用普通附件重新发送，过大时可分几封发送。",
                item="https://example.com/x",
                evidence=(Evidence(place="邮件正文", words="百度网盘"),),
            ),
        ),
    ),
    "each_closed_file_has_its_own_finding": Case(
        complete_dossier(
            files=(
                *complete_dossier().files,
                filed("一.zip", type="zip", role=Role.UNREADABLE),
                filed("二.zip", type="zip", role=Role.UNREADABLE),
            )
        ),
        (
            Finding(
                RULE.code,
                Verdict.HINT,
                "文件“一.zip”无法读取：无法打开。",
                defect="文件“一.zip”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。",
                item="一.zip",
                evidence=(seen("一.zip", words="无法打开"),),
            ),
            Finding(
                RULE.code,
                Verdict.HINT,
                "文件“二.zip”无法读取：无法打开。",
                defect="文件“二.zip”无法读取：无法打开",
                cure="请检查文件能否正常打开，去掉密码后作为普通附件重新发送。",
                item="二.zip",
                evidence=(seen("二.zip", words="无法打开"),),
            ),
        ),
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a01(name: str) -> None:
    case = CASES[name]

    assert RULE.check(case.dossier, case.call) == case.findings
