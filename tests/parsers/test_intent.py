"""What the sender wants."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import pytest

from parsers.facts.mails import Bounce, CloudLink, Intent, Notice
from parsers.mail.intent import judge_intent
from parsers.mail.message import decode_mail
from tests.goldens_mail.kit import word

LINK = (CloudLink("https://pan.baidu.com/s/1abc", "百度网盘"),)


def judged(
    subject: str,
    text: str,
    *,
    files: bool = False,
    links: tuple[CloudLink, ...] = (),
    reply: bool = False,
    notice: Notice | None = None,
    bounce: Bounce | None = None,
):
    lines = [b"From: a@163.com", b"Subject: " + word(subject), b"Content-Type: text/plain; charset=utf-8"]
    if reply:
        lines.append(b"In-Reply-To: <zhengji.al2026-0001.1.0@163.com>")
    mail = decode_mail(b"\r\n".join(lines) + b"\r\n\r\n" + text.encode())
    return judge_intent(mail, text, has_leaves=files, links=links, notice=notice, bounce=bounce)


QUESTIONS = [
    ("咨询", "请问宁波的企业可以申报吗？"), ("关于申报的咨询", "老师您好，我们公司是2023年的省专精特新，资格已过期，是否还能申报"), ("", "您好，推荐单位怎么填？"),
    ("案例报告字数", "案例报告一定要8000字吗"), ("请教", "照片可以发4张吗，格式有要求吗"), ("申报", "截止时间是5月30日24点还是下班前？"), ("您好", "想问一下非会员单位找哪里推荐"),
    ("Re: 补正通知", "公章盖在哪里？"), ("申报材料邮寄", "纸质材料寄到哪个地址，几份？"), ("咨询", "能不能晚两天提交？领导出差，公章盖不了"), ("请问", "请问附件1的推荐表，推荐单位没有可以空着吗"),
    ("", "推荐表格式有要求吗"), ("", "请问是否需要提供电子版"), ("", "案例报告要word版吗？"), ("", "没有附件可以吗"), ("", "推荐表发给谁"), ("", "推荐表交到哪里"), ("", "请问附件可以发压缩包吗"),
    ("", "专精特新企业发展优秀案例的附件2里，引言是什么意思？"), ("", "上次发的推荐表有误，怎么改？"), ("", "推荐表和报告已发，请问收到了吗？"), ("", "没有收到回执，请问推荐表要重新寄吗"),
    ("咨询电话", "电话一直打不通，请问联系人是谁"), ("撤回咨询", "请问申报之后能否撤回申报？"), ("申报", "请问结果什么时候公布"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text"), QUESTIONS)
def test_a_question_reaches_staff_and_is_not_taken_for_materials(subject, text):
    assert judged(subject, text)[0] in {Intent.QUESTION, Intent.STATUS}


TEMPLATES = [
    ("索要模板", "您好，请发一份推荐表模板，谢谢"), ("附件", "通知里的附件打不开，请重新发一下附件"), ("求推荐表word版", "老师您好，麻烦发一下推荐表的word版"), ("申报表格", "请提供申报推荐表和撰写要求的电子版"),
    ("", "附件1和附件2在哪里下载？"), ("模板", "没有找到推荐表，能发我一份吗？"), ("索取通知原文及附件", "您好，我司拟申报，请发通知及附件"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text"), TEMPLATES)
def test_who_only_asks_for_the_annexes_gets_them(subject, text):
    assert judged(subject, text)[0] is Intent.TEMPLATES


def test_who_asks_for_the_annexes_and_something_else_reaches_staff():
    assert judged("模板", "请发一份推荐表模板，另外请问截止时间是几号？")[0] is Intent.QUESTION


THANKS = [
    ("Re: 补正通知", "收到，我们会尽快补正材料。"),
    ("Re: 补正通知", "好的，明天重新提交推荐表。"),
    ("Re: 收讫", "收到，谢谢！"),
    ("", "谢谢老师，辛苦了"),
    ("回复：收讫", "好的，明白。"),
    ("Re: 收讫", "感谢！祝工作顺利"),
    ("Re: x", "Thanks!"),
]


@pytest.mark.parametrize(("subject", "text"), THANKS)
def test_thanks_are_thanks(subject, text):
    assert judged(subject, text, reply=True)[0] is Intent.THANKS


WITHDRAWALS = [
    ("撤回申报", "因公司原因，我司申请撤回2026年优秀案例申报，请予办理。"), ("关于放弃申报的说明", "我公司决定放弃本次案例申报。"), ("", "我们不再参加案例征集，请取消申报。"), ("取消报名", "麻烦把我们的申报撤回，谢谢"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text"), WITHDRAWALS)
def test_a_withdrawal_is_a_withdrawal(subject, text):
    assert judged(subject, text)[0] is Intent.WITHDRAWAL


def test_a_withdrawal_with_its_letter_attached_is_one_too():
    assert judged("关于撤回申报的函", "见附件。", files=True)[0] is Intent.WITHDRAWAL


def test_who_sends_better_files_withdraws_nothing():
    assert judged("撤回申报材料，以本次为准", "请撤回昨天的申报材料，以本邮件为准。", files=True)[0] is Intent.MATERIALS
    assert judged("申报材料", "昨天的申报请撤回，重新报送如附件。", files=True)[0] is Intent.MATERIALS


@pytest.mark.parametrize(
    ("subject", "text"), [*QUESTIONS, *TEMPLATES, *THANKS, ("", ""), ("发票优惠", "代开发票，点数优惠")]
)
def test_real_files_are_always_materials(subject, text):
    assert judged(subject, text, files=True)[0] is Intent.MATERIALS


def test_a_question_beside_files_is_named():
    assert judged("申报材料", "材料见附件。请问还需要寄纸质件吗？", files=True) == (
        Intent.MATERIALS, "邮件带有附件，按报送材料处理；文中另有提问：“请问还需要寄纸质件吗？”，请人工答复。",
    )  # fmt: skip
    assert judged("申报材料", "材料见附件，请查收。", files=True) == (Intent.MATERIALS, "邮件带有附件。")


def test_a_link_stands_for_files_and_its_question_mark_asks_nothing():
    assert judged("申报材料", "材料见 https://pan.baidu.com/s/1abc?pwd=1234", links=LINK) == (
        Intent.MATERIALS,
        "邮件里没有附件，文件在百度网盘的链接里。",
    )


def test_full_width_letters_are_read_as_plain_ones():
    assert judged("", "请发一份推荐表ｗｏｒｄ版")[0] is Intent.TEMPLATES


def test_who_says_that_papers_were_sent_asks_for_none():
    assert judged("申报材料", "推荐表已发，请查收。")[0] is not Intent.TEMPLATES
    assert judged("", "我公司致力于企业发展，附件里有推荐表。")[0] is not Intent.TEMPLATES


def test_who_forgot_the_attachment_meant_to_send_it():
    intent, reason = judged("申报材料", "现报送我司申报材料，请查收附件。")
    assert (intent, reason.endswith("可能忘了带附件。")) == (Intent.MATERIALS, True)


ADVERTS = [
    ("高新技术企业认定优惠", "专业代办高新认定，通过率99%，限时优惠，加微信咨询"), ("发票", "本公司代开发票，点数优惠，电话13800000000"), ("总裁班", "高级研修班公开课，报名费8折优惠，退订请回复T"),
    ("展会邀请", "诚邀参加2026国际工业博览会，展位优惠"), ("企业贷款", "低息贷款，额度高，咨询热线400"), ("专精特新申报代理", "专业代写专精特新申报材料，包过，优惠中，详询加微信"),
]  # fmt: skip


@pytest.mark.parametrize(("subject", "text"), ADVERTS)
def test_adverts_are_adverts(subject, text):
    assert judged(subject, text)[0] is Intent.ADVERT


def test_the_rest_is_irrelevant_and_says_why():
    assert judged("周末聚会", "周六晚上六点老地方见，小李也来。") == (Intent.IRRELEVANT, "没有附件，文字与征集无关。")
    assert judged("", "") == (Intent.THANKS, "没有附件，没有要办的内容。")


def test_what_is_about_the_call_but_unclear_reaches_staff():
    assert judged("AL2026-0042", "推荐表上的单位名称我们改过了。") == (
        Intent.QUESTION,
        "没有附件，与征集有关但看不出要办什么，请人工看。",
    )


def test_machines_and_bounces_come_first():
    assert judged("自动回复", "请问？", notice=Notice.AUTO_REPLY) == (Intent.MACHINE, "来信是自动回复，不是人写的信。")
    assert judged("退信", "", files=True, bounce=Bounce("a@b.cn", "")) == (
        Intent.BOUNCE,
        "退信：发给 a@b.cn 的信没有送达。",
    )
