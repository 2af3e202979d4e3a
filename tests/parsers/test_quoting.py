"""New words, history and signature."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import pytest

from parsers.mail.quoting import SplitText, split_text

NEW = "您好，已补正推荐表，请查收。"

HISTORIES = {
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "浙江省专精特新企业促进分会" <zjzjtxqycjfh@163.com>;\n发送时间: 2026年5月28日(星期四) 上午10:20\n收件人: "张三"<12345@qq.com>;\n主题: 【需补正】AL2026-0042\n\n请补正推荐表。',
    "QQ without blanks": "------------------原始邮件------------------\n发件人: a\n请补正",
    "163 web": '在 2026-05-28 10:20:30，"促进分会" <zjzjtxqycjfh@163.com> 写道：\n\n请补正推荐表。',
    "163 web, English": 'At 2026-05-28 10:20:30, "zjzjtxqycjfh" <zjzjtxqycjfh@163.com> wrote:\n>请补正推荐表。',
    "mail master": "---- 回复的原邮件 ----\n| 发件人 | 促进分会<zjzjtxqycjfh@163.com> |\n| 发送日期 | 2026年5月28日 10:20 |\n| 主题 | 需补正 |\n请补正",
    "Foxmail": " \n发件人： 促进分会\n发送时间： 2026-05-28 10:20\n收件人： 张三\n主题： 需补正\n请补正推荐表。",
    "Outlook": "________________________________\n发件人: 促进分会 <zjzjtxqycjfh@163.com>\n发送时间: 2026年5月28日 10:20\n收件人: 张三 <a@b.cn>\n主题: 需补正\n\n请补正推荐表。",
    "Outlook, spaced": "发 件 人：促进分会\n日 期：2026年5月28日\n收 件 人：张三\n主 题：需补正\n请补正。",
    "Outlook, English": "From: zj <zjzjtxqycjfh@163.com>\nSent: Thursday, May 28, 2026 10:20 AM\nTo: Zhang San\nSubject: 需补正\n\n请补正。",
    "Original Message": "-----Original Message-----\nFrom: a\n请补正",
    "Gmail": "On Thu, May 28, 2026 at 10:20 AM 促进分会 <zjzjtxqycjfh@163.com> wrote:\n\n> 请补正推荐表。",
    "Gmail in Chinese": "促进分会 <zjzjtxqycjfh@163.com> 于2026年5月28日周四 10:20写道：\n\n> 请补正推荐表。",
    "Gmail over two lines": "On Thu, May 28, 2026 at 10:20 AM 促进分会 <zjzjtxqycjfh@163.com>\nwrote:\n\n> 请补正推荐表。",
    "Apple Mail": "> 在 2026年5月28日，10:20，促进分会 <zjzjtxqycjfh@163.com> 写道：\n> \n> 请补正推荐表。",
    "Apple Mail, forwarded": "开始转发的邮件：\n\n发件人: 促进分会\n主题: 需补正\n日期: 2026年5月28日\n收件人: 张三",
    "forwarded by 163": '-------- 转发邮件信息 --------\n发件人："李四" <lisi@qq.com>\n发送日期：2026-05-28 10:20:30\n收件人：张三\n主题：材料',
    "plain quotes": "> 请补正推荐表。\n> 谢谢",
}


@pytest.mark.parametrize("client", HISTORIES)
def test_the_history_of_every_client_is_told_from_the_new_words(client):
    history = HISTORIES[client]
    found = split_text(f"{NEW}\n\n{history}")
    assert (found.new, found.signature) == (NEW, "")
    assert found.quoted == history.strip("\n").rstrip() or found.quoted.strip() == history.strip()


@pytest.mark.parametrize(
    "signature",
    ["-- \n张三\n13800000000", "发自我的iPhone", "发自我的 iPhone", "发自我的华为手机", "Sent from my iPhone", "来自我的小米手机", "发自 Outlook for iOS",
     "从网易邮箱大师发来的邮件", "获取 Outlook for iOS", "___________\n浙江堃昇机械有限公司\n张三", "--\n张三"],
)  # fmt: skip
def test_signatures_are_told_from_the_new_words(signature):
    assert split_text(f"{NEW}\n\n{signature}") == SplitText(NEW, "", signature)


def test_signature_and_history_together():
    found = split_text(f"{NEW}\n\n发自我的iPhone\n\n{HISTORIES['QQ']}")
    assert found == SplitText(NEW, HISTORIES["QQ"], "发自我的iPhone")


def test_answers_between_quoted_lines_stay_new():
    found = split_text("> 推荐单位是谁？\n浙江省某协会\n> 联系电话？\n0571-1\n")
    assert found == SplitText("浙江省某协会\n0571-1", "> 推荐单位是谁？\n> 联系电话？", "")


@pytest.mark.parametrize(
    "words",
    [
        "本案例报告在2026年写成，作者写道：质量是生命。\n后面还有正文。",
        "发件人：张三\n以上是我的名字。",
        "第一部分\n----\n第二部分\n" + "很长的正文\n" * 30,
        "主题：申报\n内容：材料见附件",
        "我们从网易邮箱大师的经验中学到很多，特此申报。",
        "",
    ],
)
def test_ordinary_words_are_not_taken_for_history(words):
    found = split_text(words)
    assert found == SplitText(words.strip("\n").rstrip(), "", "")


def test_no_line_is_lost():
    text = "\n".join([NEW, "> 旧一", "中间", "发自我的iPhone", HISTORIES["Outlook"]])
    found = split_text(text)
    lines = [line for part in (found.new, found.quoted, found.signature) for line in part.split("\n") if line.strip()]
    assert sorted(lines) == sorted(line for line in text.split("\n") if line.strip())


def test_a_forwarded_mail_is_history_even_when_nothing_stands_above():
    found = split_text(HISTORIES["forwarded by 163"])
    assert (found.new, found.quoted) == ("", HISTORIES["forwarded by 163"])
