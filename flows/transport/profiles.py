"""What a mail provider does that its capabilities do not tell (邮箱服务商特性).

Everything that can be asked of a server is asked of it; a profile only fills the rest. The facts come from
transcripts and tables collected in November 2026 (notes ``mail.md`` section 1); ``zhengji doctor`` reports what the
server at hand really does.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Profile:
    """The manners of one provider.

    ``gates_on_id``: refuses to open folders ("Unsafe Login") until the client sent ID after login.
    ``autosaves_sent``: whether letters sent by SMTP turn up in the sent folder; None where that must be proved first.
    ``rewrites_message_id``: the sent copy and the recipient see another Message-ID (QQ keeps ours in X-OQ-MSGID).
    ``daily_letters``: how many letters a day we dare to send before the provider's own, unpublished limit.
    """

    key: str
    name: str
    hosts: re.Pattern[str]
    gates_on_id: bool = False
    autosaves_sent: bool | None = None
    rewrites_message_id: bool = False
    daily_letters: int = 90
    password_name: str = "密码"  # noqa: S105 - what the provider calls it, not a password
    password_cure: str = "请核对用户名和密码"  # noqa: S105 - a sentence


_AUTHORISATION = "请登录网页邮箱，在“设置 → POP3/SMTP/IMAP”中确认服务已开启，并重新生成授权码填入设置"

NETEASE = Profile(
    key="netease",
    name="网易邮箱",
    hosts=re.compile(r"(^|\.)(163|126|yeah|188|netease)\.(com|net)$"),
    gates_on_id=True,
    password_name="授权码",  # noqa: S106 - what the provider calls it
    password_cure=_AUTHORISATION,
)
QQ = Profile(
    key="qq",
    name="QQ 邮箱",
    hosts=re.compile(r"(^|\.)(qq|foxmail)\.com$"),
    rewrites_message_id=True,
    password_name="授权码",  # noqa: S106 - what the provider calls it
    password_cure=_AUTHORISATION,
)
EXMAIL = Profile(
    key="exmail",
    name="腾讯企业邮",
    hosts=re.compile(r"(^|\.)exmail\.qq\.com$"),
    password_name="客户端专用密码",  # noqa: S106 - what the provider calls it
    password_cure="请登录网页邮箱，在“设置 → 客户端设置”中开启 IMAP/SMTP，并重新生成客户端专用密码填入设置",  # noqa: S106 - a sentence
)
ALIYUN = Profile(
    key="aliyun",
    name="阿里企业邮",
    hosts=re.compile(r"(^|\.)(qiye\.aliyun|mxhichina|aliyun)\.com$"),
    password_name="客户端密码",  # noqa: S106 - what the provider calls it
    password_cure="请核对用户名，并请企业邮管理员确认已允许第三方客户端登录",  # noqa: S106 - a sentence
)
GENERIC = Profile(key="generic", name="邮箱", hosts=re.compile(r""))

PROFILES = (NETEASE, EXMAIL, QQ, ALIYUN, GENERIC)

_GREETINGS = (("coremail", NETEASE), ("qqmail", QQ), ("aliyun", ALIYUN))


def profile_of(host: str, greeting: str = "") -> Profile:
    """Return the profile for this server, by its name, else by how it greets; ``GENERIC`` where neither tells."""
    for profile in PROFILES[:-1]:
        if profile.hosts.search(host.lower()):
            return profile
    for word, profile in _GREETINGS:
        if word in greeting.lower():
            return profile
    return GENERIC


def profile_named(key: str) -> Profile:
    """Return the profile of this key; ``KeyError`` where there is none."""
    for profile in PROFILES:
        if profile.key == key:
            return profile
    raise KeyError(key)
