from __future__ import annotations

import pytest

from config.settings import load_settings
from flows.transport.connect import imap_account, profile_for, smtp_account
from flows.transport.folders import decode_name, encode_name, role_of
from flows.transport.ports import FolderRole
from flows.transport.profiles import ALIYUN, EXMAIL, GENERIC, NETEASE, QQ, Profile, profile_named, profile_of
from flows.transport.tls import Encryption

HOSTS = {
    "imap.163.com": NETEASE,
    "smtp.126.com": NETEASE,
    "imap.yeah.net": NETEASE,
    "imap.vip.163.com": NETEASE,
    "imap.qiye.163.com": NETEASE,
    "IMAP.188.COM": NETEASE,
    "imap.qq.com": QQ,
    "imap.exmail.qq.com": EXMAIL,
    "imap.qiye.aliyun.com": ALIYUN,
    "imap.mxhichina.com": ALIYUN,
    "mail.my163.com": GENERIC,
    "163.com.evil.example": GENERIC,
    "127.0.0.1": GENERIC,
}


@pytest.mark.parametrize(("host", "profile"), HOSTS.items())
def test_the_host_name_tells_the_provider(host: str, profile: Profile) -> None:
    assert profile_of(host) is profile


@pytest.mark.parametrize(
    ("greeting", "profile"),
    [
        ("* OK Coremail System IMap Server Ready(163com[1])", NETEASE),
        ("* OK [CAPABILITY IMAP4] QQMail XMIMAP4Server ready", QQ),
        ("* OK AliYun IMAP Server Ready", ALIYUN),
        ("* OK IMAP4 ready", GENERIC),
    ],
)
def test_where_the_name_does_not_tell_the_greeting_may(greeting: str, profile: Profile) -> None:
    assert profile_of("mail.office.example", greeting) is profile


def test_every_profile_can_be_named() -> None:
    assert [profile_named(key) for key in ("netease", "qq", "exmail", "aliyun", "generic")] == [
        NETEASE,
        QQ,
        EXMAIL,
        ALIYUN,
        GENERIC,
    ]


# As they travel, from transcripts (notes mail.md 1.1).
NAMES = {
    b"&g0l6P3ux-": ("草稿箱", FolderRole.DRAFTS),
    b"&XfJT0ZAB-": ("已发送", FolderRole.SENT),
    b"&XfJSIJZk-": ("已删除", FolderRole.OTHER),
    b"&V4NXPpCuTvY-": ("垃圾邮件", FolderRole.JUNK),
    b"&dcVr0pCuTvY-": ("病毒邮件", FolderRole.JUNK),
    b"&Xn9USpCuTvY-": ("广告邮件", FolderRole.JUNK),
    b"&i6KWBZCuTvY-": ("订阅邮件", FolderRole.JUNK),
    b"&dcVr0mWHTvZZOQ-": ("病毒文件夹", FolderRole.JUNK),
    b"Sent Messages": ("Sent Messages", FolderRole.SENT),
    b"Junk": ("Junk", FolderRole.JUNK),
    b"&UXZO1mWHTvZZOQ-": ("其他文件夹", FolderRole.OTHER),
    b"inbox": ("inbox", FolderRole.INBOX),
}


@pytest.mark.parametrize(("travels", "read"), NAMES.items())
def test_folder_names_are_read_and_have_their_role(travels: bytes, read: tuple[str, FolderRole]) -> None:
    name = decode_name(travels)
    assert (name, role_of(name, ())) == read
    assert encode_name(name).encode() == travels


def test_what_the_server_says_of_a_folder_goes_before_its_name() -> None:
    assert role_of("归档", (b"\\HasNoChildren", b"\\Junk")) is FolderRole.JUNK
    assert role_of("其他文件夹/已发送", (), "/") is FolderRole.SENT


def test_the_settings_become_two_accounts_and_a_profile() -> None:
    settings = load_settings(
        {
            "ZHENGJI_IMAP_HOST": "imap.163.com",
            "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
            "ZHENGJI_IMAP_PASSWORD": "code-in",
            "ZHENGJI_SMTP_HOST": "smtp.163.com",
            "ZHENGJI_SMTP_PORT": "587",
            "ZHENGJI_SMTP_TLS": "starttls",
        }
    )
    reading, sending = imap_account(settings), smtp_account(settings)
    assert (reading.host, reading.port, reading.encryption) == ("imap.163.com", 993, Encryption.IMPLICIT)
    assert (sending.host, sending.port, sending.encryption) == ("smtp.163.com", 587, Encryption.STARTTLS)
    assert (sending.user, sending.password) == ("zjzjtxqycjfh@163.com", "code-in")
    assert profile_for(settings) is NETEASE
    assert "code-in" not in repr((reading, sending))
