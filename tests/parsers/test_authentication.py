"""Only the receiving server's own Authentication-Results count."""

# ruff: noqa: E501 - a mail and what must be read from it stand in one line, to be compared at a glance

from __future__ import annotations

import pytest

from parsers.facts.mails import AuthVerdict
from parsers.mail.authentication import aligned, judge
from parsers.mail.message import decode_mail

PASS, FAIL, UNKNOWN = AuthVerdict.PASS, AuthVerdict.FAIL, AuthVerdict.UNKNOWN
TOP = "Received: from mail.kunsheng.cn (unknown [192.0.2.1])\r\n\tby mx27 (Coremail) with SMTP id TcCow_ABC--.56047S2;\r\n\tThu, 28 May 2026 10:20:30 +0800 (CST)"
TRANSID = "X-CM-TRANSID:TcCow_ABC--.56047S2"


def results(text: str) -> str:
    return f"Authentication-Results: {text}"


def verdict(*lines: str, sender: str = "a@kunsheng.cn", trusted: tuple[str, ...] = ()):
    raw = "\r\n".join([*lines[:1], f"From: {sender}", "Subject: x", *lines[1:]]) + "\r\n\r\nx"
    return judge(decode_mail(raw.encode()), trusted).verdict


def test_the_servers_own_field_at_the_end_counts():
    assert verdict(TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@kunsheng.cn; dkim=none")) is PASS
    assert (
        verdict(TOP, TRANSID, results("mx27; spf=neutral smtp.mail=x@other.cn; dkim=pass header.i=@kunsheng.cn"))
        is PASS
    )


def test_tokens_folded_in_the_middle_are_joined():
    assert (
        verdict(
            TOP,
            TRANSID,
            results("mx27; spf=neutral smtp.mail=bounce+f3bc88.bc03\r\n\tde-x; dkim=pass header.i=@kun\r\n\tsheng.cn"),
        )
        is PASS
    )


def test_a_subdomain_is_aligned_and_a_shared_suffix_is_not():
    assert verdict(TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@mail.kunsheng.cn")) is PASS
    assert verdict(TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@com.cn"), sender="a@kunsheng.com.cn") is UNKNOWN
    assert aligned("kunsheng.com.cn", "mail.kunsheng.com.cn")
    assert not aligned("com.cn", "kunsheng.com.cn")
    assert not aligned("cn", "kunsheng.cn")
    assert not aligned("sheng.cn", "kunsheng.cn")
    assert not aligned("", "")


def test_a_failure_is_a_failure():
    assert verdict(TOP, TRANSID, results("mx27; spf=fail smtp.mail=a@kunsheng.cn; dkim=none")) is FAIL
    assert verdict(TOP, TRANSID, results("mx27; spf=softfail smtp.mail=a@kunsheng.cn; dkim=none")) is FAIL
    assert (
        verdict(TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@evil.example; dkim=fail header.i=@kunsheng.cn"))
        is FAIL
    )


def test_a_pass_for_another_domain_proves_nothing():
    assert (
        verdict(TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@evil.example; dkim=pass header.i=@evil.example"))
        is UNKNOWN
    )


@pytest.mark.parametrize(
    "lines",
    [
        (TOP, results("mx27; spf=pass smtp.mail=a@kunsheng.cn")),
        (TOP, "X-CM-TRANSID: other", results("mx27; spf=pass smtp.mail=a@kunsheng.cn")),
        (TOP, TRANSID, results("mx99; spf=pass smtp.mail=a@kunsheng.cn")),
        (TOP, TRANSID, results("kunsheng.cn; spf=pass smtp.mail=a@kunsheng.cn")),
        (TOP, TRANSID),
        (TOP.replace("(Coremail)", "(Postfix)"), TRANSID, results("mx27; spf=pass smtp.mail=a@kunsheng.cn")),
        ("Received: from x by mx1 with SMTP id 1; x", TOP, TRANSID, results("mx27; spf=pass smtp.mail=a@kunsheng.cn")),
        (TOP, TRANSID, "X-CM-TRANSID: TcCow_OTHER", results("mx27; spf=pass smtp.mail=a@kunsheng.cn")),
    ],
    ids=[
        "no id",
        "wrong id",
        "another node",
        "the sender's own",
        "no field",
        "not Coremail",
        "Coremail below another",
        "last id differs",
    ],
)
def test_what_is_not_the_servers_own_word_is_unknown(lines):
    assert verdict(*lines) is UNKNOWN


def test_a_forged_pass_above_the_genuine_failure_does_not_count():
    forged = results("mx27; spf=pass smtp.mail=a@kunsheng.cn; dkim=pass header.i=@kunsheng.cn")
    genuine = results("mx27; spf=fail smtp.mail=a@kunsheng.cn; dkim=none")
    assert verdict(TOP, forged, TRANSID, genuine) is FAIL


def test_two_senders_are_never_vouched_for():
    assert verdict(TOP, "From: boss@kunsheng.cn", TRANSID, results("mx27; spf=pass smtp.mail=a@kunsheng.cn")) is FAIL


def test_another_server_counts_only_where_the_operator_names_it():
    lines = (
        "Received: from x by mx.assoc.cn; Thu",
        results("mx.assoc.cn; dmarc=pass header.from=kunsheng.cn; spf=pass smtp.mailfrom=a@kunsheng.cn"),
    )
    assert verdict(*lines) is UNKNOWN
    assert verdict(*lines, trusted=("mx.assoc.cn",)) is PASS
    assert verdict(*lines, trusted=("mx.other.cn",)) is UNKNOWN


def test_of_a_named_server_the_topmost_field_counts():
    lines = (
        "Received: from x by mx.assoc.cn; Thu",
        results("mx.assoc.cn; spf=fail smtp.mailfrom=a@kunsheng.cn"),
        results("mx.assoc.cn; spf=pass smtp.mailfrom=a@kunsheng.cn"),
    )
    assert verdict(*lines, trusted=("mx.assoc.cn",)) is FAIL


def test_the_evidence_is_kept():
    raw = f"{TOP}\r\nFrom: a@kunsheng.cn\r\n{TRANSID}\r\n{results('mx27; spf=fail smtp.mail=a@kunsheng.cn')}\r\n\r\nx"
    assert judge(decode_mail(raw.encode())).evidence == "mx27; spf=fail smtp.mail=a@kunsheng.cn"
    assert judge(decode_mail(b"From: a@b.cn\r\n\r\nx")).evidence == "没有收信服务器自己写下的验证结果。"
