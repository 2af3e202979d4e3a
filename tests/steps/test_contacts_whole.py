"""The whole way of a recommender's archive, from bytes to the answer of a firm's contact, with the real readers."""

from __future__ import annotations

import email
import email.policy
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from config.settings import load_settings
from flows.demo.digital import make_text_form
from flows.demo.form_words import FormWords
from flows.demo.papers import make_photo
from flows.demo.posting import Draft, Enclosure, pack, post
from flows.demo.reports import ReportWords, make_report
from flows.steps.desk import forms
from flows.steps.desk.operations import perform
from flows.steps.workshop import Workshop, open_workshop
from store import lists
from store.letters import due, outbox
from store.states import ListKind
from store.tables import LetterRow
from tests.desk.conftest import SHANGHAI, take_in, work
from tests.frozen_letters import bytes_of

pytestmark = pytest.mark.slow
NOW = datetime(2026, 5, 12, 10, 0, tzinfo=SHANGHAI)
ONE, TWO = "杭州博衡自动化设备有限公司", "丽水青锋光电科技有限公司"
BODY, OFFICE, ZHANG, LI = (
    "浙江省仪器仪表行业协会",
    "office@yqyb.example",
    "zhang_san@boheng.example",
    "li@qingfeng.example",
)
VOUCHED = ("Authentication-Results", f"mx.test; spf=pass smtp.mailfrom={OFFICE}; dkim=pass header.d=yqyb.example")


def settings(home: Path):
    return load_settings(
        {
            "ZHENGJI_HOME": str(home),
            "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
            "ZHENGJI_SECRET": "for-tests-only-0123456789",
            "ZHENGJI_SETTLE_MINUTES": "0",
            "ZHENGJI_REPLY_MODE": "send",
            "ZHENGJI_TRUSTED_AUTHSERV": "mx.test",
        }
    )


def prepare(home: Path) -> None:
    """Import the list of recommenders, and confirm the policy at the desk."""
    with open_workshop(settings(home), ocr=False) as shop:
        entry = lists.Entry(2, BODY, email=OFFICE)
        with shop.store.transaction() as session:
            file = lists.ListFile(ListKind.RECOMMENDER, "推荐单位", date(2026, 3, 1), "f" * 64, (entry,))
            lists.save_list(session, file, by="李经办", at=NOW)
        form = forms.PolicyForm(policy="tell_firm_contacts", value="both", by="李经办", reason="分会同意")
        assert perform(shop, "policy", form, NOW) == "口径 tell_firm_contacts 已确认为 both，下一轮审核起生效。"


def papers(firm: str, seed: int, contact: str) -> list[tuple[str, bytes]]:
    words = FormWords(f"{firm[2:4]}之路", firm, BODY, f"2026年5月8日{contact}")
    return [
        (f"博衡、青锋申报材料/{firm}/推荐表.pdf", make_text_form(words)),
        (f"博衡、青锋申报材料/{firm}/案例报告.docx", make_report(ReportWords(f"{firm[2:4]}之路", firm), seed=seed)),
        (f"博衡、青锋申报材料/{firm}/照片/车间全景.jpg", make_photo(seed, 1200, 900)),
    ]


def the_archive() -> bytes:
    files = [*papers(ONE, 1, f" 联系人：张三 邮箱：{ZHANG}"), *papers(TWO, 2, "")]
    zipped = Enclosure("博衡、青锋两家申报材料.zip", pack(files), "application/zip")
    text = f"现推荐两家企业，材料见附件：\n1、{ONE}\n2、{TWO}，李四，13912345678，{LI}\n\n{BODY}会员部\n"
    return post(Draft("会员部", OFFICE, "博衡、青锋申报材料", text, NOW, (zipped,), headers=(VOUCHED,)))


def contacts(shop: Workshop) -> list[LetterRow]:
    with shop.store.reading() as session:
        rows = outbox.in_state(session, "queued", "held", "sent")
        return sorted((row for row in rows if row.kind == "contact"), key=lambda row: row.id or 0)


def test_an_archive_tells_each_contact_its_own_firm_and_the_contact_mends_it(tmp_path: Path) -> None:
    home = tmp_path / "data"
    prepare(home)
    with open_workshop(settings(home), ocr=False) as shop:
        take_in(shop, the_archive(), NOW, 1)
        work(shop, NOW + timedelta(minutes=1))
        first, second = contacts(shop)
        assert [(row.to_address, row.to_name, row.state) for row in (first, second)] == [
            (ZHANG, "张三", "queued"),
            (LI, "", "queued"),
        ]
        mail = email.message_from_bytes(bytes_of(shop.store, first), policy=email.policy.default)
        text = str(mail.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
        assert [one for one in (ONE, BODY, "推荐表.pdf", "案例报告.docx", "车间全景.jpg") if one not in text] == []
        assert [one for one in (TWO, "青锋", LI, OFFICE, "两家") if one in text or one in str(mail)] == []
        with shop.store.transaction() as session:
            assert outbox.claim(session, first.id or 0, "t", NOW)
            outbox.settle(session, first.id or 0, "t", NOW, state="sent", outcome="accepted")

        later = NOW + timedelta(days=1)
        photo = Enclosure("检测现场.jpg", make_photo(7, 1200, 900), "image/jpeg")
        reply = Draft(
            "张三", ZHANG, "回复：补交照片", "补交照片一张。\n", later, (photo,), in_reply_to=first.message_id
        )
        sha256 = take_in(shop, post(reply), later, 2)
        work(shop, later + timedelta(minutes=1))
        with shop.store.reading() as session:
            (place,) = due.belongings(session, sha256)
            told = due.letters_about(session, submission_id=place.submission_id)
            made = [(row.kind, row.to_address) for row in told if row.answers == sha256]
    assert (place.number, place.relation) == ("AL2026-0001", "supplements")
    assert [to for _, to in made] == [ZHANG]
    assert made[0][0] in {"deficient", "received", "received-checking"}, "not 已收到 alone: we told it of these papers"
