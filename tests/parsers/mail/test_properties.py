"""What holds for every mail: nothing raises, what went in comes out, damage stays where it is."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import hashlib
from email.message import EmailMessage
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.facts.spool import MemorySpool
from parsers.mail.authentication import judge
from parsers.mail.bounce import find_bounce
from parsers.mail.headers import decode_words
from parsers.mail.intent import judge_intent
from parsers.mail.links import find_links
from parsers.mail.machine import machine_reason
from parsers.mail.message import DecodedMail, decode_mail
from parsers.mail.notices import notice_of
from parsers.mail.parameters import read_parameters
from parsers.mail.quoting import split_text
from parsers.mail.withdrawal import withdraws
from parsers.text.charset import decode
from tests.goldens_mail import all_goldens
from tests.goldens_mail.kit import Golden, file_part, head, joined, plain_part, word

QUICK = settings(
    max_examples=60,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
GOLDENS = all_goldens()

hanzi = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
everyday = st.text(
    st.one_of(hanzi, st.characters(min_codepoint=0x20, max_codepoint=0x7E), st.sampled_from("，。；：“”（）、 ")),
    min_size=1,
    max_size=60,
)
names = (
    st.text(st.one_of(hanzi, st.sampled_from("abcXYZ019-_ ()（）【】")), min_size=1, max_size=30)
    .map(lambda stem: " ".join(stem.split()).strip("'\" .") or "名")
    .map(lambda stem: stem + ".pdf")
)

# Rare hanzi alone are ambiguous for anyone: nobody could say whether the bytes or the label are odd.
EVERYDAY = "企业申报案例推荐表报告专精特新浙江省材料请查收谢谢您好附件有限公司机械科技发展优秀照片通知盖章邮箱电话联系人经验做法"


def through_everything(raw: bytes) -> DecodedMail:
    """All that is done with a mail's words, as the line does it."""
    spool = MemorySpool()
    mail = decode_mail(raw, spool)
    words = split_text(mail.text)
    links = find_links(mail.text, mail.html, mail.date)
    bounce = find_bounce(mail)
    machine_reason(mail, ("zjzjtxqycjfh@163.com",))
    notice = notice_of(mail, words.new, marked=False, has_leaves=bool(mail.parts))
    withdraws(mail.subject, words.new)
    judge(mail, ("mx.example.cn",))
    judge_intent(mail, words.new, has_leaves=bool(mail.parts), links=links, notice=notice, bounce=bounce)
    for value in (mail.subject, mail.text, mail.html, words.new, *(part.name for part in mail.parts)):
        value.encode("utf-8")
    for part in mail.parts:
        assert hashlib.sha256(spool.get(part.sha256)).hexdigest() == part.sha256
        assert part.name
    assert len({part.path for part in mail.parts}) == len(mail.parts)
    return mail


@QUICK
@given(st.binary(max_size=600))
def test_no_bytes_raise(data):
    through_everything(data)


alphabet = st.sampled_from(
    [b"From: ", b"Subject: ", b"Content-Type: ", b"multipart/mixed", b"; boundary=", b"b", b'"', b"\r\n", b"\n", b"\r\n\r\n", b"--b", b"--b--", b"=?gb2312?B?", b"?=", b"=?utf-8?Q?", b"message/rfc822",
     b"Content-Transfer-Encoding: base64", b"quoted-printable", b"x-uuencode", b"begin 644 a\n", b"end\n", b"=", b"==", b"; name*0*=utf-8''", b"%E6", b"filename=", b"\xc4\xe3", b"\xe4\xbd\xa0", b"\x81", b" ", b"\t",
     b"text/html; charset=", b"<a href=", b"https://pan.baidu.com/s/1", b"multipart/report", b"message/delivery-status", b"Return-Path: <>", b"Content-Disposition: attachment; ", b"\0", b"(", b")", b"<", b">", b";", b":", b"\\"]
)  # fmt: skip


@QUICK
@given(st.lists(alphabet, max_size=80).map(b"".join))
def test_no_mixture_of_mail_words_raises(data):
    through_everything(data)


@QUICK
@given(st.sampled_from(GOLDENS), st.data())
def test_no_damaged_golden_mail_raises(golden: Golden, data):
    raw = bytearray(golden.raw)
    for _ in range(data.draw(st.integers(1, 8))):
        if not raw:
            break
        at = data.draw(st.integers(0, len(raw) - 1))
        kind = data.draw(st.integers(0, 3))
        if kind == 0:
            raw[at] = data.draw(st.integers(0, 255))
        elif kind == 1:
            del raw[at : at + data.draw(st.integers(1, 40))]
        elif kind == 2:
            raw[at:at] = data.draw(st.binary(max_size=20))
        else:
            raw[at:at] = raw[max(0, at - 30) : at]
    through_everything(bytes(raw))


@QUICK
@given(st.sampled_from(GOLDENS), st.floats(0, 1))
def test_no_golden_mail_cut_anywhere_raises(golden: Golden, share: float):
    through_everything(golden.raw[: int(len(golden.raw) * share)])


@QUICK
@given(
    everyday,
    everyday,
    st.lists(st.tuples(names, st.binary(min_size=1, max_size=400)), max_size=4),
    st.sampled_from(["utf-8", "gb18030", "gbk"]),
)
def test_a_mail_made_by_the_standard_library_comes_back(subject, text, files, charset):
    subject = " ".join(subject.split())
    text = text.encode("gbk", "ignore").decode("gbk")
    made = EmailMessage()
    made["From"] = "张三 <zhangsan@163.com>"
    made["To"] = "zjzjtxqycjfh@163.com"
    made["Subject"] = subject
    made["Message-ID"] = "<abc@163.com>"
    made.set_content(text, charset=charset)
    for name, data in files:
        made.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    mail = decode_mail(made.as_bytes())
    assert (mail.sender.name, mail.sender.address, mail.subject, mail.message_id) == (
        "张三",
        "zhangsan@163.com",
        subject,
        "<abc@163.com>",
    )
    assert mail.text.rstrip("\n") == text.rstrip("\n")
    assert [(part.name, part.data) for part in mail.parts] == [(name, data) for name, data in files]


@QUICK
@given(
    everyday,
    st.sampled_from(["utf-8", "gb18030"]),
    st.sampled_from(["B", "Q"]),
    st.lists(st.integers(1, 200), max_size=4),
)
def test_encoded_words_come_back_wherever_they_were_cut(text, charset, how, cuts):
    text = " ".join(text.split())
    data = text.encode(charset)
    edges = sorted({0, len(data), *(cut for cut in cuts if cut < len(data))})
    cut = b"\r\n ".join(word(data[a:b], charset, charset, how) for a, b in pairwise(edges))
    assert decode_words(cut) == text


@QUICK
@given(
    st.text(st.sampled_from(EVERYDAY), min_size=4, max_size=300),
    st.sampled_from(["utf-8", "gb18030", None, "gb2312", "us-ascii", "x-unknown"]),
)
def test_four_and_more_everyday_hanzi_in_utf8_are_read_under_any_label(text, label):
    assert decode(text.encode("utf-8"), label).text == text


@QUICK
@given(
    st.text(st.sampled_from(EVERYDAY), min_size=8, max_size=300),
    st.sampled_from(["utf-8", "gb18030", None, "gb2312", "x-unknown"]),
)
def test_eight_and_more_everyday_hanzi_in_gbk_are_read_under_any_label(text, label):
    assert decode(text.encode("gb18030"), label).text == text


FILES = [(f"文件{number}.pdf", bytes([65 + number]) * 37 * (number + 1)) for number in range(6)]


@QUICK
@given(st.integers(0, 5), st.data())
def test_random_damage_in_one_part_never_loses_another(victim, data):
    parts = [
        file_part(
            content,
            b"Content-Type: application/pdf",
            b'Content-Disposition: attachment; filename="' + word(name) + b'"',
        )
        for name, content in FILES
    ]
    harmed = bytearray(parts[victim])
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(harmed) - 1))
        kind = data.draw(st.integers(0, 2))
        if kind == 0:
            harmed[at] = data.draw(st.integers(0, 255))
        elif kind == 1 and len(harmed) > 60:
            del harmed[at : at + data.draw(st.integers(1, 50))]
        else:
            harmed[at:at] = data.draw(st.binary(max_size=30))
    boundary = b"----=_Part_77_1234567890.1"
    body = joined([plain_part(), *parts[:victim], bytes(harmed), *parts[victim + 1 :]], boundary)
    raw = head(b'Content-Type: multipart/mixed; boundary="' + boundary + b'"') + b"\r\n" + body
    got = {hashlib.sha256(part.data).hexdigest(): part.name for part in decode_mail(raw).parts}
    for number, (name, content) in enumerate(FILES):
        if number != victim:
            assert got.get(hashlib.sha256(content).hexdigest(), "").startswith(name[:3]), name


@QUICK
@given(st.binary(max_size=300))
def test_parameters_never_raise(data):
    read_parameters(b"attachment; filename=" + data)
    read_parameters(data)


def test_the_same_bytes_are_always_read_the_same():
    for golden in GOLDENS[::7]:
        assert decode_mail(golden.raw) == decode_mail(golden.raw)
