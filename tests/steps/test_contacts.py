"""A recommender's mail with several firms: who is told of what, how often, and who never is."""

from __future__ import annotations

import email
import email.policy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config.call import Call
from config.load import find_call, load_call
from config.policies import decided
from flows.steps.answer.answer import answer_due
from flows.steps.answer.judge import judge
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.digest import make_recommender_digest
from flows.steps.filing.file_mail import file_reading
from flows.steps.lists.quotas import routes_ledger
from flows.steps.workshop import Workshop
from parsers.facts.leaf import Leaf, Role
from parsers.facts.looks import (
    FormFacts,
    FormField,
    FormKind,
    Look,
    PictureFacts,
    ReportFacts,
    ScanFacts,
    Source,
    WordCounts,
)
from parsers.facts.mails import Address, Authentication, AuthVerdict, CloudLink, Intent, MailReading, ReadLeaf
from parsers.facts.version import READER_VERSION
from store import lists
from store.engine import Store
from store.filing.submissions import all_of_call
from store.letters import due, outbox
from store.states import ListKind
from store.tables import LetterRow, MessageRow
from tests.checks.dossiers import ZONE, cases_2026
from tests.frozen_letters import bytes_of
from tests.replies.season import settings_in
from tests.store.blank import blank_store

ONE, TWO, THREE = "杭州博衡自动化设备有限公司", "丽水青锋光电科技有限公司", "舟山海拓环保科技有限公司"
BODY, OFFICE = "浙江省仪器仪表行业协会", "office@yqyb.example"
ZHANG, LI, WANG = "zhang@boheng.example", "li@qingfeng.example", "wang@haituo.example"
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=ZONE)
"""A Tuesday."""
ALL_THREE = "博衡、青锋、海拓三家申报材料.zip"
TEXT = f"现推荐三家企业：\n{ONE} 联系人 张三 {ZHANG}\n{TWO} 联系人 李四 {LI}\n{THREE}\n"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path / "home")
    yield opened
    opened.close()


@pytest.fixture
def shop(store: Store) -> Workshop:
    made = office(store)
    entry = lists.Entry(2, BODY, email=OFFICE)
    file = lists.ListFile(ListKind.RECOMMENDER, "推荐单位", date(2026, 3, 1), "f" * 64, (entry,))
    with store.transaction() as session:
        lists.save_list(session, file, by="李经办", at=NOW)
    return made


def office(store: Store, *, value: str = "both", mode: str = "send", call: Call | None = None) -> Workshop:
    call = call or cases_2026()
    call = decided(call, {"tell_firm_contacts": value})
    settings = settings_in(store.home).model_copy(update={"reply_mode": mode, "settle_minutes": 0})
    return Workshop(settings, call, store, store.home / "spool")


def leaf(path: str, role: Role, kind: str, look: Look) -> ReadLeaf:
    name = path.rsplit("/", 1)[-1]
    return ReadLeaf(Leaf(path, name, 9, hashlib.sha256(path.encode()).hexdigest(), kind), role, "", look)


def form(firm: str, *, contact: str = "", source: Source = Source.TEXT, body: str = BODY, folder: str = "") -> ReadLeaf:
    facts = FormFacts(
        FormKind.CURRENT,
        "申报推荐表",
        FormField(f"{firm[2:4]}之路", 0.99, certain=True),
        FormField(firm, 0.99, certain=True),
        FormField(body, 0.99, certain=True),
        FormField("2026-05-08", 0.99, certain=True),
    )
    rows = (f"申报企业（全称） {firm}", f"推荐单位 {body}", contact) if contact else ()
    scan = ScanFacts(pages=1, form=replace(facts, mail_rows=rows, mail_source=source))
    text = f"申报企业（全称）{firm}"
    return leaf(f"{folder or f'{ALL_THREE}/{firm}'}/推荐表.pdf", Role.FORM, "pdf", Look("pdf", scan=scan, text=text))


def papers(firm: str, **changes: str | Source) -> tuple[ReadLeaf, ...]:
    report = ReportFacts("docx", WordCounts(8300), title=f"{firm[2:4]}之路", names=(firm,))
    return (
        form(firm, **changes),  # type: ignore[arg-type]
        leaf(f"{ALL_THREE}/{firm}/案例报告.docx", Role.REPORT, "docx", Look("docx", report=report, text=firm)),
        leaf(f"{ALL_THREE}/{firm}/照片/1.jpg", Role.PHOTO, "jpeg", Look("jpeg", picture=PictureFacts(1600, 1200))),
    )


@dataclass
class Post:
    """A mail that arrives, and how it is vouched for."""

    leaves: tuple[ReadLeaf, ...]
    text: str = TEXT
    sender: str = OFFICE
    auth: AuthVerdict = AuthVerdict.PASS
    at: datetime = NOW
    answers: str = ""
    links: tuple[CloudLink, ...] = ()

    def reading(self) -> MailReading:
        sha256 = hashlib.sha256(f"{self.sender}{self.at}{self.text}".encode()).hexdigest()
        return MailReading(
            sha256,
            9,
            message_id=f"<{sha256[:12]}@sender.example>",
            subject="博衡、青锋、海拓申报材料",
            sender=Address("会员部", self.sender),
            text=self.text,
            intent=Intent.MATERIALS,
            authentication=Authentication(self.auth),
            in_reply_to=(self.answers,) if self.answers else (),
            references=(self.answers,) if self.answers else (),
            leaves=self.leaves,
            links=self.links,
        )


def arrive(shop: Workshop, post: Post) -> str:
    """Let a mail be filed and answered as the flow would; return its hash."""
    reading = post.reading()
    with shop.store.transaction() as session:
        row = MessageRow(
            sha256=reading.sha256, size=9, received=post.at, fetched=post.at, message_id=reading.message_id
        )
        row.sender_name, row.sender_address, row.subject = reading.sender.name, reading.sender.address, reading.subject
        session.add(row)
        session.flush()
        filed = file_reading(session, shop.store, shop.call, reading, post.at, reader_version=READER_VERSION)
        for submission_id in filed.submissions:
            judge(shop, session, submission_id, post.at)
        if filed.answer_message:
            due.mark_message(session, reading.sha256, post.at)
    answer_due(shop, post.at)
    return reading.sha256


def letters(shop: Workshop, kind: str = "contact") -> list[LetterRow]:
    with shop.store.reading() as session:
        states = ("queued", "held", "sent", "cancelled", "refused", "shadow")
        rows = [row for row in outbox.in_state(session, *states) if row.kind == kind]
        return sorted(rows, key=lambda row: row.id or 0)


def to_whom(shop: Workshop) -> list[tuple[str, str]]:
    return [(row.to_address, row.state) for row in letters(shop)]


def words(shop: Workshop, row: LetterRow) -> str:
    mail = email.message_from_bytes(bytes_of(shop.store, row), policy=email.policy.default)
    return str(mail.get_body(("plain",)).get_content()).replace("\r\n", "\n")  # type: ignore[attr-defined]


def bundle(**changes: object) -> Post:
    three = (*papers(ONE), *papers(TWO), *papers(THREE))
    return replace(Post(three), **changes)  # type: ignore[arg-type]


def said_of(shop: Workshop, row: LetterRow) -> list[str]:
    return [line.strip() for line in words(shop, row).splitlines() if "企业联系人" in line]


def reason(shop: Workshop, sha256: str) -> str:
    with shop.store.reading() as session:
        return due.message_row(session, sha256).reason


def test_each_firm_with_a_sure_contact_is_told_once_and_the_recommender_reads_of_it(shop: Workshop) -> None:
    sha256 = arrive(shop, bundle())
    assert to_whom(shop) == [(ZHANG, "queued"), (LI, "queued")]
    (to_body,) = letters(shop, "bundle")
    assert said_of(shop, to_body) == [
        "企业联系人：同时函告 z***＠boheng．example",
        "企业联系人：同时函告 l***＠qingfeng．example",
        "企业联系人：请贵单位转告",
    ]
    assert reason(shop, sha256).endswith(
        "函告企业联系人：AL2026-0001、AL2026-0002；AL2026-0003 不函告：材料和来信中没有写明企业的联系邮箱。"
    )
    with shop.store.transaction() as session:
        due.mark_message(session, sha256, NOW)
    answer_due(shop, NOW + timedelta(minutes=5))
    assert len(letters(shop)) == 2
    assert [(row.answers, row.submission_id is not None) for row in letters(shop)] == [(sha256, True)] * 2


def test_a_contacts_letter_holds_nothing_of_the_other_firms_nor_of_the_recommenders_mail(shop: Workshop) -> None:
    arrive(shop, bundle())
    row = letters(shop)[0]
    raw = email.message_from_bytes(bytes_of(shop.store, row), policy=email.policy.default)
    parts = [part.get_content() for part in raw.walk() if part.get_content_maintype() == "text"]
    whole = "\n".join([*parts, *(str(value) for value in raw.values())])
    assert len(parts) == 2
    own = (ONE, "AL2026-0001", "推荐表.pdf", "案例报告.docx", BODY)
    others = (
        TWO,
        THREE,
        "青锋",
        "海拓",
        "AL2026-0002",
        "AL2026-0003",
        LI,
        OFFICE,
        "yqyb",
        ALL_THREE,
        "会员部",
        "sender.example",
    )
    assert [one for one in own if one not in whole] == []
    assert [one for one in others if one in whole] == []
    assert (raw["In-Reply-To"], raw["References"]) == (None, None)


@pytest.mark.slow
def test_the_policy_of_the_first_call_as_it_stands_tells_the_recommender_alone(shop: Workshop) -> None:
    arrive(office(shop.store, value="recommender_only"), bundle())
    assert letters(shop) == []
    (to_body,) = letters(shop, "bundle")
    assert "请转告有关企业" in words(shop, to_body)
    assert "联系人：" not in words(shop, to_body).split("----")[0]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"auth": AuthVerdict.UNKNOWN}, "来信的发件域名未经收件服务器验证"),
        ({"sender": "unknown@elsewhere.example"}, "发件地址不在推荐单位名单中"),
    ],
)
def test_staff_look_first_where_nobody_vouches_for_the_recommender(
    shop: Workshop, changes: dict[str, object], why: str
) -> None:
    arrive(shop, bundle(**changes))
    assert to_whom(shop) == [(ZHANG, "held"), (LI, "held")]
    assert [row.state_reason.rpartition("须人工核对：")[2] for row in letters(shop)] == [f"{why}。"] * 2
    assert said_of(shop, letters(shop, "bundle")[0])[0] == "企业联系人：经核对后函告 z***＠boheng．example"


def test_a_forged_recommender_makes_us_write_to_nobody_and_reads_no_more_than_received(shop: Workshop) -> None:
    arrive(shop, bundle(auth=AuthVerdict.FAIL))
    assert (letters(shop), letters(shop, "bundle")) == ([], [])
    (minimal,) = letters(shop, "minimal")
    assert (minimal.to_address, ONE in words(shop, minimal)) == (OFFICE, False)


@pytest.mark.slow
def test_in_approve_mode_the_firms_wait_as_the_recommender_does(shop: Workshop) -> None:
    arrive(office(shop.store, mode="approve"), bundle())
    assert [row.state for row in letters(shop, "bundle")] == ["held"], "photos are missing"
    assert to_whom(shop) == [(ZHANG, "held"), (LI, "held")]


@pytest.mark.slow
def test_an_address_read_from_a_picture_tells_nobody_and_one_that_the_mail_bears_out_does(shop: Workshop) -> None:
    seen = {"contact": f"联系人：张三 {ZHANG}", "source": Source.OCR}
    other = {"contact": f"联系人：李四 {LI}", "source": Source.OCR}
    three = (*papers(ONE, **seen), *papers(TWO, **other), *papers(THREE, contact=f"联系人：王五 {WANG}"))  # type: ignore[arg-type]
    sha256 = arrive(shop, Post(three, text=f"现推荐：\n{ONE} 联系人 张三 {ZHANG}\n"))
    assert to_whom(shop) == [(ZHANG, "queued"), (WANG, "queued")]
    assert "AL2026-0002 不函告：联系邮箱由图像识别得来，没有文字可以印证" in reason(shop, sha256)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("call@example.org", "所写邮箱属于推荐单位、本会或自动程序"),
        ("member@yqyb.example", "所写邮箱属于推荐单位、本会或自动程序"),
        ("zjzjtxqycjfh@163.com", "所写邮箱属于推荐单位、本会或自动程序"),
        ("noreply@boheng.example", "所写邮箱属于推荐单位、本会或自动程序"),
        (LI, "所写邮箱同时是另一家企业的联系邮箱"),
    ],
    ids=["ours", "the-recommenders-domain", "the-calls", "a-machine", "another-firms"],
)
def test_nobody_who_is_not_the_firms_own_is_told(shop: Workshop, address: str, why: str) -> None:
    sha256 = arrive(shop, bundle(text=f"{ONE} 联系人 张三 {address}\n{TWO} 联系人 李四 {LI}\n"))
    told = {ONE: "AL2026-0001", TWO: "AL2026-0002"}
    with shop.store.reading() as session:
        numbers = {row.number for row in all_of_call(session, shop.call.id)}
    assert numbers >= set(told.values())
    assert to_whom(shop) == ([] if address == LI else [(LI, "queued")])
    assert f"AL2026-0001 不函告：{why}" in reason(shop, sha256)


@pytest.mark.slow
def test_an_address_is_told_of_one_firm_in_thirty_days_however_many_mails_name_it(shop: Workshop) -> None:
    victim = "victim@elsewhere.example"
    first = bundle(text=f"{ONE} 联系人 张三 {victim}\n")
    arrive(shop, first)
    for day, firm in enumerate(("杭州丁江仪器有限公司", "湖州戊河阀门有限公司"), 1):
        two = (*papers(firm), *papers(f"{firm[:2]}己湖{firm[4:]}"))
        arrive(shop, Post(two, text=f"{firm} 联系人 张三 {victim}\n", at=NOW + timedelta(days=day)))
    assert to_whom(shop) == [(victim, "queued")]


@pytest.mark.slow
def test_a_firm_that_was_told_is_not_told_again_by_the_recommenders_next_mail(shop: Workshop) -> None:
    arrive(shop, bundle())
    for row in letters(shop):
        with shop.store.transaction() as session:
            assert outbox.claim(session, row.id or 0, "t", NOW)
            outbox.settle(session, row.id or 0, "t", NOW, state="sent", outcome="accepted")
    arrive(shop, bundle(at=NOW + timedelta(days=1)))
    assert to_whom(shop) == [(ZHANG, "sent"), (LI, "sent")]
    assert said_of(shop, letters(shop, "bundle")[1])[0] == "企业联系人：此前已函告 z***＠boheng．example"


@pytest.mark.slow
def test_a_letter_that_waits_gives_way_to_one_about_the_newer_papers(shop: Workshop) -> None:
    arrive(shop, bundle(auth=AuthVerdict.UNKNOWN))
    arrive(shop, bundle(auth=AuthVerdict.UNKNOWN, at=NOW + timedelta(days=1)))
    assert to_whom(shop) == [(ZHANG, "cancelled"), (LI, "cancelled"), (ZHANG, "held"), (LI, "held")]


@pytest.mark.slow
def test_a_letter_that_waits_is_made_anew_when_staff_change_what_it_says(shop: Workshop) -> None:
    arrive(shop, bundle(auth=AuthVerdict.UNKNOWN))
    who = {"by": "李经办", "reason": "已电话核实"}
    perform(shop, "override", forms.OverrideForm(number="AL2026-0001", code="P01", **who), NOW)
    answer_due(shop, NOW + timedelta(minutes=1))
    assert to_whom(shop) == [(ZHANG, "cancelled"), (LI, "held"), (ZHANG, "held")]
    first, _, again = letters(shop)
    assert ("照片" in words(shop, first).split("【已收到")[0], len(letters(shop, "bundle"))) == (True, 1)
    assert words(shop, first) != words(shop, again)

    # The address stood beside the old name: it is no longer this firm's without doubt.
    rename = forms.RenameForm(number="AL2026-0001", applicant="杭州恒博智能装备有限公司", **who)
    perform(shop, "rename", rename, NOW)
    answer_due(shop, NOW + timedelta(minutes=2))
    assert to_whom(shop) == [(ZHANG, "cancelled"), (LI, "held"), (ZHANG, "cancelled")]


@pytest.mark.slow
def test_what_staff_refused_is_not_put_to_them_again(shop: Workshop) -> None:
    arrive(shop, bundle(auth=AuthVerdict.UNKNOWN))
    numbers = ",".join(str(row.id) for row in letters(shop))
    perform(shop, "cancel", forms.LetterForm(letters=numbers, by="李经办", reason="电话核实不是联系人"), NOW)
    arrive(shop, bundle(auth=AuthVerdict.UNKNOWN, at=NOW + timedelta(days=1)))
    assert to_whom(shop) == [(ZHANG, "refused"), (LI, "refused")]


@pytest.mark.slow
def test_a_firm_that_writes_itself_is_answered_itself_and_nobody_named_by_others_reads_its_papers(
    shop: Workshop,
) -> None:
    """A hostile line in a forged bundle must not draw out what the firm itself sent."""
    arrive(shop, Post((form(ONE, folder="自己寄来"),), text="申报材料见附件。", sender="boss@boheng.example"))
    sha256 = arrive(
        shop, bundle(text=f"{ONE} 联系人 张三 eve@evil.example\n{TWO} 联系人 李四 {LI}\n", at=NOW + timedelta(1))
    )
    assert to_whom(shop) == [(LI, "queued")]
    assert "AL2026-0001 不函告：该件另有来信人，回信发给其来信人" in reason(shop, sha256)


@pytest.mark.slow
def test_nobody_is_told_of_papers_that_lie_behind_a_link(shop: Workshop) -> None:
    link = CloudLink("https://pan.baidu.com/s/1abc", "百度网盘", ALL_THREE)
    sha256 = arrive(shop, bundle(links=(link,)))
    assert letters(shop) == []
    assert reason(shop, sha256).count("来信用了网盘或超大附件，材料未收全") == 3


@pytest.mark.slow
def test_the_night_is_kept_but_not_past_the_deadline(shop: Workshop) -> None:
    night = datetime(2026, 5, 12, 23, 0, tzinfo=ZONE)
    arrive(shop, bundle(at=night))
    assert {row.not_before for row in letters(shop)} == {datetime(2026, 5, 13, 8, 0, tzinfo=ZONE)}


@pytest.mark.slow
def test_the_last_evening_does_not_wait_for_the_morning_after_the_deadline(shop: Workshop) -> None:
    last = datetime(2026, 5, 30, 22, 0, tzinfo=ZONE)
    arrive(shop, bundle(at=last))
    assert {row.not_before for row in letters(shop)} == {last}


def test_the_contact_answers_with_a_paper_and_its_files_are_the_firms(shop: Workshop) -> None:
    arrive(shop, bundle())
    row = letters(shop)[0]
    with shop.store.transaction() as session:
        assert outbox.claim(session, row.id or 0, "t", NOW)
        outbox.settle(session, row.id or 0, "t", NOW, state="sent", outcome="accepted")
    photo = leaf("照片2.jpg", Role.PHOTO, "jpeg", Look("jpeg", picture=PictureFacts(1600, 1200)))
    reply = Post((photo,), "补交照片。", ZHANG, AuthVerdict.UNKNOWN, NOW + timedelta(days=1), answers=row.message_id)
    sha256 = arrive(shop, reply)
    with shop.store.reading() as session:
        (place,) = due.belongings(session, sha256)
        told = due.letters_about(session, submission_id=place.submission_id)
        again = [(one.kind, one.to_address) for one in told if one.answers == sha256]
    assert (place.number, place.relation) == ("AL2026-0001", "supplements")
    assert [to for _, to in again] == [ZHANG]
    assert again[0][0] != "minimal", "it was told of these papers by ourselves"


@pytest.mark.slow
def test_a_strangers_answer_without_our_letter_waits_for_staff(shop: Workshop) -> None:
    arrive(shop, bundle())
    reply = Post((form(ONE, folder="另寄"),), "补交。", "eve@evil.example", at=NOW + timedelta(days=1))
    sha256 = arrive(shop, reply)
    with shop.store.reading() as session:
        assert [place.relation for place in due.belongings(session, sha256)] == ["pending"]
        assert [(one.kind, ONE in words(shop, one)) for one in due.letters_about(session, message=sha256)] == [
            ("minimal", False)
        ]


def test_the_recommender_reads_of_its_places_and_of_another_way_without_names(shop: Workshop) -> None:
    """The first firm applied for itself, the second came through another body: neither is named in this letter."""
    arrive(shop, Post((form(ONE, body="自荐", folder="自荐"),), "申报材料见附件。", sender="boss@boheng.example"))
    others = form(TWO, body="浙江省汽车行业协会", folder="汽车")
    arrive(shop, Post((others,), "申报材料见附件。", sender="auto@qiche.example", at=NOW + timedelta(minutes=1)))
    four = "湖州戊河阀门有限公司"
    arrive(shop, replace(bundle(at=NOW + timedelta(hours=1)), leaves=(*bundle().leaves, *papers(four))))
    (row,) = letters(shop, "bundle")
    text = words(shop, row)
    assert [number for number in ("AL2026-0001", "AL2026-0002") if number in text] == []
    assert "推荐的 2 家均需补正" in text
    assert "【须经办核对后再登记的文件，不必重发】\n\n  · 推荐表.pdf\n  · 案例报告.docx\n" in text
    assert "· 名额 2-3 个，已用 2 个，还余 1 个。" in text
    assert [name for name in ("汽车", "boss@", "auto@", "自荐") if name in text] == []
    with shop.store.reading() as session:
        ledger = routes_ledger(session, shop.call)
    assert [one.sentence() for one in ledger] == [
        f"{ONE} 由企业自行报送、{BODY}多头申报（AL2026-0001），请经办决定。",
        f"{TWO} 由浙江省汽车行业协会、{BODY}多头申报（AL2026-0002），请经办决定。",
    ]
    told = make_recommender_digest(shop, "浙江省汽车行业协会", NOW + timedelta(hours=2)).text
    assert f"AL2026-0002 {TWO}：已收到，核实中；另有其他途径的申报，按哪一途径计正在核定" in told
    assert BODY not in told


@pytest.mark.slow
def test_the_next_letter_says_which_firm_came_by_another_way_once_both_ways_are_its_own(shop: Workshop) -> None:
    arrive(shop, bundle())
    arrive(
        shop,
        Post((form(ONE, body="浙江省汽车行业协会", folder="另"),), "x", "auto@qiche.example", at=NOW + timedelta(1)),
    )
    arrive(shop, bundle(at=NOW + timedelta(days=2)))
    text = words(shop, letters(shop, "bundle")[1])
    assert f"贵单位不必处理】\n\n  · {ONE}（AL2026-0001）\n" in text
    assert "汽车" not in text


@pytest.mark.slow
def test_nobody_reads_of_the_places_of_a_body_by_writing_its_name_into_a_form(shop: Workshop) -> None:
    arrive(shop, bundle())
    others = (*papers("杭州丁江仪器有限公司"), *papers("湖州戊河阀门有限公司"))
    arrive(shop, Post(others, "推荐两家。", "eve@evil.example", at=NOW + timedelta(days=1)))
    to_body, to_eve = letters(shop, "bundle")
    assert (to_eve.to_address, "推荐名额" in words(shop, to_body), "推荐名额" in words(shop, to_eve)) == (
        "eve@evil.example",
        True,
        False,
    )


@pytest.mark.slow
def test_a_body_in_no_list_reads_of_its_places_where_all_of_its_firms_came_from_this_sender(shop: Workshop) -> None:
    body = "浙江省紧固件行业协会"
    two = (*papers("杭州丁江仪器有限公司", body=body), *papers("湖州戊河阀门有限公司", body=body))
    arrive(shop, Post(two, "推荐两家。", "office@jingu.example"))
    (row,) = letters(shop, "bundle")
    assert "· 名额 2-3 个，已用 2 个，还余 1 个。" in words(shop, row)


@pytest.mark.slow
def test_a_countys_package_is_answered_with_the_places_that_the_table_prints(store: Store) -> None:
    """泰顺县 has one place: the second firm is flagged, not dropped; each contact reads of its own firm alone."""
    county = office(store, call=load_call(find_call("key-sme-2025")))
    two = (*papers(ONE, body="泰顺县经信局"), *papers(TWO, body="泰顺县经信局"))
    moment = datetime(2024, 11, 12, 10, 0, tzinfo=ZONE)
    arrive(county, Post(two, sender="jxj@taishun.example", at=moment))
    (row,) = letters(county, "bundle")
    text = "".join(words(county, row).split())
    assert "·名额1个，已用2个，还余0个。" in text
    assert f"·按收到先后排在名额之外：{TWO}（ZD2025-0002）。通知三（二）写明“超出推荐名额的不予受理”" in text
    assert to_whom(county) == [(ZHANG, "held"), (LI, "held")], "no list of recommenders: staff look first"
    assert [name for name in (TWO, "青锋", "名额") if name in words(county, letters(county)[0])] == []
