"""Loading a call: what the two notices ask, and every fault of a folder at once."""

from __future__ import annotations

import shutil
import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from docx import Document

from config.call import Call, Contact, Verdict
from config.consistency import clauses
from config.load import CALLS, CallFault, Fault, find_call, load_call
from config.policies import POLICIES, decided
from config.quota import pool_of
from config.quotes import fold
from config.wording import SHARED

ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture(scope="module")
def cases() -> Call:
    return load_call(find_call("cases-2026"))


@pytest.fixture(scope="module")
def key_sme() -> Call:
    return load_call(find_call("key-sme-2025"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the main call, with all letters its own, that a test may spoil."""
    mine = Path(shutil.copytree(CALLS / "cases-2026", tmp_path / "mine"))
    shutil.copytree(SHARED, mine / "letters", dirs_exist_ok=True)
    return mine


def spoil(folder: Path, change: Callable[[str], str], file: str = "call.toml") -> tuple[Fault, ...]:
    """Change a file of the folder and return the faults that loading it names."""
    path = folder / file
    before = path.read_text("utf-8")
    after = change(before)
    assert after != before, "the change must change something"
    path.write_text(after, "utf-8")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    return caught.value.faults


def test_the_window_runs_from_the_day_of_the_notice_to_the_end_of_the_last_day(cases: Call) -> None:
    assert cases.window.opens == datetime(2026, 3, 16, tzinfo=ZONE)
    assert cases.window.closes == datetime(2026, 5, 31, tzinfo=ZONE)
    assert cases.window.contains(datetime(2026, 5, 30, 23, 59, 59, tzinfo=ZONE))
    assert not cases.window.contains(datetime(2026, 5, 31, tzinfo=ZONE))
    assert (cases.window.closes - cases.window.opens).days == 76


def test_the_materials_of_the_cases_are_those_of_the_notice(cases: Call) -> None:
    asked = [(m.key, m.role, m.medium, m.at_least, m.at_most, m.copies) for m in cases.materials]

    assert asked == [
        ("form", "form", "electronic", 1, 1, None),
        ("report", "report", "electronic", 1, 1, None),
        ("photos", "photo", "electronic", 2, 3, None),
        ("paper_form", "other", "paper", 1, 1, 1),
        ("paper_report", "other", "paper", 1, 1, 1),
    ]


def test_the_report_has_four_parts_that_add_up_to_8100(cases: Call) -> None:
    assert cases.report is not None
    assert [(part.key, part.words) for part in cases.report.parts] == [
        ("intro", 300),
        ("overview", 800),
        ("practice", 6000),
        ("insight", 1000),
    ]
    assert cases.report.words_total == 8000


def test_letters_name_the_contact_that_the_notice_prints(cases: Call) -> None:
    assert cases.contact == Contact(
        "张蝶兰",
        "0571-85805136",
        "zjzjtxqycjfh@163.com",
        "杭州市凤起路 290 号三华园 3 号楼 6 楼",
        "联系人",
    )
    assert cases.number(42) == "AL2026-0042"


def test_each_call_asks_the_questions_that_its_notice_leaves_open_and_no_others(cases: Call, key_sme: Call) -> None:
    def asked(call: Call) -> set[str]:
        return {key for key, policy in call.policies.items() if policy.asked}

    assert asked(cases) == {spec.key for spec in POLICIES} - {"last_day"}, "截止 names no day before which"
    assert asked(key_sme) == {
        "deadline_moment", "last_day", "late_mail", "late_supplement", "blank_recommender", "paper_deadline",
        "e_seal_counts", "second_case", "weekend_letters", "reminders_on_rest_days", "reminders_per_item",
        "tell_firm_contacts", "inquiry_reply", "unauthenticated_reply",
    }  # fmt: skip
    for policy in [*cases.policies.values(), *key_sme.policies.values()]:
        assert policy.question.endswith("？")
        assert not policy.default_reason or policy.default_reason.endswith("。")
        assert policy.value in policy.choices
        assert not policy.confirmed
    assert [one.key for one in key_sme.open_questions] == [
        "key_field", "exactly_1000", "banned_products", "plan_copies", "two_recommenders",
    ]  # fmt: skip


def test_the_window_closes_when_the_policies_on_the_last_day_say(cases: Call, key_sme: Call) -> None:
    """The 30th of May 2026 is a Saturday, the 17th of November 2024 a Sunday."""
    monday = decided(cases, {"deadline_moment": "next_working_day"})
    assert (cases.window.closes, monday.window.closes) == (
        datetime(2026, 5, 31, tzinfo=ZONE),
        datetime(2026, 6, 2, tzinfo=ZONE),
    )
    assert decided(monday, {"deadline_moment": "end_of_day"}).window == cases.window
    assert decided(key_sme, {"last_day": "excluded"}).window.closes == datetime(2024, 11, 17, tzinfo=ZONE)
    both = decided(key_sme, {"last_day": "excluded", "deadline_moment": "next_working_day"})
    assert both.window.closes == datetime(2024, 11, 19, tzinfo=ZONE), "the 16th is a Saturday, the 18th a Monday"
    moved = replace(cases, window=replace(cases.window, closes=datetime(2026, 6, 9, tzinfo=ZONE)))
    assert decided(moved, {"late_mail": "accept"}).window == moved.window


def test_a_last_day_that_the_quote_contradicts_is_refused(folder: Path) -> None:
    path = folder / "call.toml"
    path.write_text(path.read_text("utf-8").replace("closes = 2026-05-31", "closes = 2026-05-30"), "utf-8")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        "call.toml：window.closes：末日是 5月29日，引文写的是5月30日；请改正其一。",
    ]


def test_a_last_day_that_offices_work_and_the_notice_prints_needs_no_policy(folder: Path) -> None:
    notice, path = folder / "notice.md", folder / "call.toml"
    notice.write_text(
        notice.read_text("utf-8").replace("5 月 30 日", "5 月 29 日").replace("5月30日", "5月29日"), "utf-8"
    )
    text = path.read_text("utf-8").replace("closes = 2026-05-31", "closes = 2026-05-30")
    path.write_text(text.replace("5 月 30 日", "5 月 29 日").replace("5月30日", "5月29日"), "utf-8")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        "call.toml：policies.deadline_moment：通知已经写明，或者本次征集没有用到它的规则；请删去。"
    ]


def test_a_policy_that_is_not_in_the_table_or_has_keys_of_its_own_is_named(folder: Path) -> None:
    faults = spoil(
        folder,
        lambda text: (
            text.replace("[policies.late_mail]", "[policies.late_mails]")
            .replace("[policies.second_case]\n", '[policies.second_case]\nchoices = ["drop"]\n')
            .replace('key = "authors"', 'key = "late_mail"')
        ),
    )
    assert [str(fault) for fault in faults] == [
        "call.toml：policies.late_mails：没有这一项；是否应为 late_mail？",
        "call.toml：policies.second_case.choices：没有这一项；请删去。",
        "call.toml：open_questions.late_mail：这是口径，程序要按它办理；请写到 [policies.late_mail] 中。",
    ]


@pytest.mark.parametrize("call_id", ["cases-2026", "key-sme-2025"])
def test_every_quote_stands_in_the_notice_word_for_word(call_id: str) -> None:
    load_call(find_call(call_id))
    notice = fold((CALLS / call_id / "notice.md").read_text("utf-8"))
    found = [clause for _, clause in clauses(tomllib.loads((CALLS / call_id / "call.toml").read_text("utf-8")))]

    assert [clause for clause in found if fold(clause.quote) not in notice] == []
    assert len(found) > 20


def test_the_annexes_can_be_opened_and_carry_the_words_of_the_notice(cases: Call) -> None:
    texts = [fold("".join(p.text for p in Document(str(cases.folder / a.path)).paragraphs)) for a in cases.annexes]

    assert len(texts) == 2
    for label in ("案例名称：", "申报企业（全称）：", "推荐单位：", "报送时间："):
        assert label in texts[0]
    assert texts[1].split("撰写要求", 1)[1] in fold((cases.folder / "notice.md").read_text("utf-8"))
    assert texts[1].endswith("可供其他企业借鉴学习的经验启示（1000字左右）。")


@pytest.mark.parametrize(
    ("body", "pool"),
    [
        ("浙江省轴承工业协会", "provincial"),
        ("浙江省 机械工业联合会", None),
        ("杭州市企业联合会、杭州市企业家协会", "city"),
        ("宁波市工业经济联合会", "city"),
        ("杭州市轴承协会", None),
        ("杭州钱江精密轴承有限公司", None),
        ("", None),
    ],
)
def test_a_recommender_belongs_to_a_class_by_its_name(cases: Call, body: str, pool: str | None) -> None:
    found = pool_of(cases, body)

    assert (found.key if found else None) == pool


def test_the_second_call_loads_in_the_same_types(key_sme: Call) -> None:
    assert [(m.key, m.supplier, m.copies) for m in key_sme.materials] == [
        ("joint_document", "recommender", 2),
        ("plan", "recommender", None),
        ("recommended_list", "recommender", 2),
        ("investment_table", "recommender", 2),
        ("form", "applicant", 2),
        ("evidence", "applicant", 1),
    ]
    assert len(key_sme.contacts) == 14
    assert key_sme.eligibility.excluded_regions == ("宁波市",)
    assert key_sme.eligibility.must_be_valid is True


def test_a_call_is_found_by_its_id_or_by_its_folder(folder: Path) -> None:
    assert find_call("cases-2026") == CALLS / "cases-2026"
    assert find_call(str(folder)) == folder
    assert load_call(folder).id == "cases-2026"


@pytest.mark.parametrize("name", ["cases-2027", "", "../calls/nothing", "/"])
def test_an_unknown_call_is_told_with_the_calls_there_are(name: str) -> None:
    with pytest.raises(CallFault) as caught:
        find_call(name)

    sentence = (
        f"找不到征集“{name}”：请写自带征集的编号（cases-2026、key-sme-2025），或写一个含 call.toml 的文件夹路径。"
    )
    assert caught.value.faults == (Fault(name, "", sentence),)


def test_an_empty_folder_names_both_files_that_it_lacks(tmp_path: Path) -> None:
    with pytest.raises(CallFault) as caught:
        load_call(tmp_path)

    assert [fault.file for fault in caught.value.faults] == ["call.toml", "notice.md"]


def test_every_fault_of_a_folder_is_told_at_once(folder: Path) -> None:
    (folder / "annexes" / "附件2-撰写要求.docx").unlink()
    faults = spoil(
        folder,
        lambda text: (
            text.replace('quote = "申报企业（全称）"', 'quote = "申报单位全称"')
            .replace('value = "body"', 'value = "town"')
            .replace('phone = "0571-85805136"', 'phone = "0571-85805137"')
        ),
    )

    assert faults == (
        Fault("call.toml", "policies.quota_per.value", "应为 body、city 之一，现为“town”。"),
        Fault(
            "call.toml",
            "rules.S02.clause.quote",
            "引文“申报单位全称”在 notice.md 中找不到；请照原文逐字抄录（空白、换行不计）。",
        ),
        Fault("call.toml", "contacts[1].phone", "“0571-85805137”在 notice.md 中找不到；请照原文抄录。"),
        Fault("call.toml", "annexes[2].path", "文件 annexes/附件2-撰写要求.docx 不存在；请放入征集文件夹。"),
    )


def test_wrong_kinds_and_slips_in_keys_are_told_with_their_place(folder: Path) -> None:
    faults = spoil(
        folder,
        lambda text: (
            text.replace("words_total = 8000", 'words_total = "8000"')
            .replace('quote = "浙江省范围内"', 'quote = "全国范围内"')
            .replace('value = "flag"', 'value = "drop"')
            .replace("settle_minutes = 10", "settle_minuts = 10")
            .replace('worst = "提示"', 'worst = "警告"', 1)
            .replace("at_least = 2\nat_most = 3\nset", 'at_least = true\nat_most = "3"\nset')
            .replace("issued = 2026-03-16", "issued = 2026-03-16T00:00:00")
        ),
    )

    assert set(faults) == {
        Fault("call.toml", "issued", "应为日期（如 2026-03-16），现为“2026-03-16 00:00:00”；请改正。"),
        Fault("call.toml", "materials.photos.at_least", "应为整数，现为“true”；请改正。"),
        Fault("call.toml", "materials.photos.at_most", "应为整数，现为“3”；请改正。"),
        Fault(
            "call.toml",
            "rules.S03.clause.quote",
            "引文“全国范围内”在 notice.md 中找不到；请照原文逐字抄录（空白、换行不计）。",
        ),
        Fault("call.toml", "policies.over_quota.value", "应为 flag、accept 之一，现为“drop”。"),
        Fault("call.toml", "report.words_total", "应为整数，现为“8000”；请改正。"),
        Fault("call.toml", "replies.settle_minuts", "没有这一项；是否应为 settle_minutes？"),
        Fault("call.toml", "replies.settle_minutes", "缺少这一项；请补上。"),
        Fault("call.toml", "rules.R03.worst", "应为通过、缺失、存疑、提示、不适用 之一，现为“警告”；请改正。"),
    }


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("closes = 2026-05-31T00:00:00", "closes = 2026-03-16T00:00:00", ("window.closes", "截止时刻不晚于开始时刻")),
        ("opens = 2026-03-16T00:00:00", "opens = 2026-03-16T00:00:00+08:00", ("window.opens", "请只写当地时间")),
        ('timezone = "Asia/Shanghai"', 'timezone = "China"', ("window.timezone", "应为时区名")),
        ("[window]", "[windows]", ("window", "缺少征集时间")),
        ('code = "S02"', 'code = "S01"', ("rules", "“S01”出现 2 次")),
        ('code = "S02"', 'code = "s2"', ("rules", "规则编码“s2”应为一个大写字母加两位数字")),
        ('key = "report"\nrole', 'key = "form"\nrole', ("materials", "“form”出现 2 次")),
        ('medium = "paper"', 'medium = "fax"', ("materials.paper_form.medium", "应为 electronic、paper、both 之一")),
        ("tolerance = 0.5", "tolerance = 50.0", ("report.tolerance", "应在 0 与 1 之间")),
        ('per = "body"', 'per = "county"', ("quota_pools.provincial.per", "应为 body 或 city")),
        ('per = "body"', 'per = "city"', ("policies.quota_per.value", "与名额池的 per 不一致")),
        (
            "[form.field_names]\ncase_title",
            "[form.field_names]\ncase_titel",
            ("form.field_names.case_title", "缺少这一项"),
        ),
        ('id = "cases-2026"', 'id = "cases-2026"\nshape = "enterprise"', ("shape", "没有这一项")),
        ('id = "cases-2026"', "id = cases-2026", ("", "不是有效的 TOML")),
        ('quote = "申报企业（全称）"', 'quote = ""', ("rules.S02.clause.quote", "引文为空")),
    ],
)
def test_a_spoiled_key_is_named_with_its_cure(folder: Path, before: str, after: str, expected: tuple[str, str]) -> None:
    faults = spoil(folder, lambda text: text.replace(before, after, 1))

    assert any(fault.key == expected[0] and fault.sentence.startswith(expected[1]) for fault in faults), faults


def test_a_changed_notice_breaks_the_quotes_that_rest_on_it(folder: Path) -> None:
    faults = spoil(folder, lambda text: text.replace("照片 2-3 张", "照片 3-5 张"), "notice.md")

    assert {fault.key for fault in faults} == {
        "materials.photos.clause.quote",
        "rules.P01.clause.quote",
        "rules.P02.clause.quote",
    }


def test_worst_verdicts_are_those_of_the_design(cases: Call) -> None:
    worst = {code: spec.worst for code, spec in cases.rules.items()}

    assert {code for code, verdict in worst.items() if verdict is Verdict.MISSING} == {
        "F01", "F02", "F03", "F04", "F05", "F06", "F07", "R01", "R02", "P01", "P02", "A01",
    }  # fmt: skip
    assert {code for code, verdict in worst.items() if verdict is Verdict.HINT} == {
        "R03", "R04", "R05", "R06", "R07", "P03", "N01",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("file", "change", "fault"),
    [
        (
            "received/body.j2",
            lambda text: text.replace("parts.hello()", "parts.helo()"),
            "letters：received/body.j2：没有段落 parts.helo；是否应为 parts.hello？",
        ),
        (
            "late/body.j2",
            lambda text: text.replace("f.about()", "f.xyzzy()"),
            "letters：late/body.j2：没有段落 f.xyzzy；请改用已有的段落。",
        ),
        ("late/subject.txt", lambda text: f"{text}又一行\n", "letters：late/subject.txt：主题只能有一行；请合成一行。"),
        ("late/subject.txt", lambda _: " ", "letters：late/subject.txt：主题是空的；请写上主题。"),
        (
            "minimal/body.j2",
            lambda text: text.replace("{{ parts.hello() }}", "{{ parts.hello()"),
            "letters：minimal/body.j2：“{{”有",
        ),
        (
            "_base/blocks.html",
            lambda text: text.replace("macro gap()", "macro gab()"),
            "letters：_base/blocks.html：缺少段落 gap，blocks.txt 中有；两份请写得一一对应。",
        ),
    ],
)
def test_a_slip_in_the_wording_is_named_when_the_call_is_loaded(
    folder: Path, file: str, change: Any, fault: str
) -> None:
    faults = spoil(folder, change, f"letters/{file}")
    assert [str(one) for one in faults if str(one).startswith(fault)] != []


def test_letters_that_are_misnamed_or_in_another_encoding_are_named_all_at_once(folder: Path) -> None:
    letters = folder / "letters"
    (letters / "contact").rename(letters / "contacts")
    (letters / "inquiry" / "subject.txt").rename(letters / "inquiry" / "subjekt.txt")
    (letters / "late" / "body.j2").write_bytes("征集".encode("gb18030"))
    (letters / "late" / "body.j2.bak").write_text("an editor's copy", "utf-8")
    (letters / "pigeons.txt").write_text("x", "utf-8")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    assert [str(fault) for fault in caught.value.faults] == [
        "letters：contacts/body.j2：没有这个名称的模板；是否应为 contact/body.j2？",
        "letters：contacts/subject.txt：没有这个名称的模板；是否应为 contact/subject.txt？",
        "letters：inquiry/subjekt.txt：没有这个名称的模板；是否应为 inquiry/subject.txt？",
        "letters：pigeons.txt：没有这个名称的模板；请删去，或移到 letters 之外。",
        "letters：late/body.j2：不是 UTF-8 文本（UnicodeDecodeError）；请转换编码后保存。",
    ]
    shutil.rmtree(letters)
    assert load_call(folder).id == "cases-2026", "the shared letters stand in for all that a call does not word"


def test_a_block_that_a_call_takes_away_from_the_shared_letters_is_missed_where_they_use_it(folder: Path) -> None:
    faults = spoil(folder, lambda text: text.replace("macro hello()", "macro hullo()"), "letters/_base/parts.j2")
    shutil.rmtree(folder / "letters" / "late")
    with pytest.raises(CallFault) as caught:
        load_call(folder)
    assert "letters：late/body.j2：没有段落 parts.hello；是否应为 parts.hullo？" in [str(fault) for fault in faults]
    shared = "letters：late/body.j2：没有段落 parts.hello（共用的模板）；是否应为 parts.hullo？"
    assert shared in [str(fault) for fault in caught.value.faults]


def test_a_word_that_is_missing_or_that_no_letter_uses_is_named(folder: Path) -> None:
    faults = spoil(folder, lambda text: text.replace('\nreview = "', '\nreveiw = "'))
    assert [str(fault) for fault in faults] == [
        "call.toml：words.review：缺少这一项，回信模板 _base/parts.j2 要用；请补上（可以写空文字）。",
        "call.toml：words.reveiw：没有回信模板用到这一项；是否应为 review？",
    ]
