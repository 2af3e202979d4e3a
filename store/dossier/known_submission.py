"""A submission as attribution sees it (已立件)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from store.states import AliasKind


@dataclass(frozen=True, slots=True)
class KnownSubmission:
    """One submission that stands in the register.

    ``senders`` are the addresses whose mails count as its own: who sent to it before, whom they named for answers or
    copied in, whom the lists and staff name. ``domains`` are the mail domains of those senders that belong to one
    organisation, not to a public provider.
    """

    id: int
    number: str
    applicant_id: int
    applicant: str
    credit_code: str = ""
    certain: bool = True
    withdrawn: bool = False
    senders: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    case_titles: tuple[str, ...] = ()
    recommender: str = ""
    first_received: datetime | None = None


@dataclass(frozen=True, slots=True)
class Remembered:
    """An enterprise that staff tied to a sender, a domain or a name (归属规则)."""

    applicant_id: int
    name: str
    kind: AliasKind
    credit_code: str = ""


PUBLIC_DOMAINS = frozenset(
    {
        *("163.com", "126.com", "yeah.net", "188.com", "vip.163.com", "vip.126.com", "qq.com", "vip.qq.com"),
        *("foxmail.com", "sina.com", "sina.cn", "vip.sina.com", "sohu.com", "tom.com", "139.com", "189.cn", "wo.cn"),
        *("aliyun.com", "21cn.com", "263.net", "gmail.com", "hotmail.com", "outlook.com", "live.com", "msn.com"),
        *("live.cn", "outlook.cn", "icloud.com", "me.com", "yahoo.com", "yahoo.cn", "yahoo.com.cn", "88.com"),
        *("proton.me", "protonmail.com", "hotmail.co.jp", "qq.cn", "eyou.com", "mail.com"),
    }
)
"""Domains of providers where everybody has an address: sharing one says nothing."""


def domain_of(address: str) -> str:
    """Return the mail domain where it belongs to one organisation; empty for public providers."""
    domain = address.rpartition("@")[2].lower()
    return "" if domain in PUBLIC_DOMAINS else domain
