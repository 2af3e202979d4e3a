"""Does the receiving server vouch for the sender's domain (发件人验证)? Its own Authentication-Results, nothing else.

Anyone may write an Authentication-Results field into a mail. NetEase (Coremail) puts its own at the end of the
header, named after the node that received the mail; so a field counts only where node and transaction id agree with
the topmost Received field, which the server wrote last. The words inside are folded at any place. For other servers
the operator names whose field is trusted; without a name nothing is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from parsers.facts.mails import Authentication, AuthVerdict
from parsers.mail.message import DecodedMail

EVIDENCE_CHARACTERS = 500

_COREMAIL = re.compile(r"\bby\s+(\S{1,200})\s+\(Coremail\)\s+with\s+\S{1,40}\s+id\s+([^\s;]{4,300})", re.IGNORECASE)
_BREAKS = re.compile(r"[\t\r\n]+")
_METHOD = re.compile(r"\A(spf|dkim|dmarc|arc)\s*=\s*([a-z]+)", re.IGNORECASE)
_PROPERTY = re.compile(
    r"\b(smtp\.mail(?:from)?|smtp\.helo|header\.(?:i|d|from)|policy\.from)\s*=\s*\"?([^\s;\"()]{1,300})", re.IGNORECASE
)
_SHARED_SUFFIXES = frozenset(
    [
        "com.cn",
        "net.cn",
        "org.cn",
        "gov.cn",
        "edu.cn",
        "ac.cn",
        "mil.cn",
        "zj.cn",
        "bj.cn",
        "sh.cn",
        "js.cn",
        "gd.cn",
        "fj.cn",
        "ah.cn",
        "jx.cn",
        "sd.cn",
        "hb.cn",
        "hn.cn",
        "com.hk",
        "org.hk",
        "com.tw",
        "org.tw",
        "co.uk",
        "org.uk",
        "co.jp",
        "com.sg",
        "com.au",
        "co.kr",
    ]
)


@dataclass(frozen=True, slots=True)
class _Result:
    method: str
    outcome: str
    domain: str


def judge(mail: DecodedMail, trusted_authserv: tuple[str, ...] = ()) -> Authentication:
    """Return pass, fail or unknown, with the words it rests on. Never a reason to reject a mail.

    Pass: SPF, DKIM or DMARC passed for the domain of From (or its organisation). Fail: one of them failed and none
    passed for it. Unknown: no field of our own server, or nothing in it about From's domain.
    ``trusted_authserv`` names servers other than Coremail that are ours, by the id they write into the field.
    """
    own = _own_results(mail, trusted_authserv)
    if own is None:
        return Authentication(AuthVerdict.UNKNOWN, "没有收信服务器自己写下的验证结果。")
    evidence = re.sub(r"\s+", " ", own)[:EVIDENCE_CHARACTERS]
    domain = mail.sender.address.rpartition("@")[2]
    if not domain or len({address.address for address in (mail.sender,)}) != 1:
        return Authentication(AuthVerdict.UNKNOWN, evidence)
    if len([one for one in mail.fields if one.name == "from"]) > 1:
        return Authentication(AuthVerdict.FAIL, f"信头有两个发件人；{evidence}"[:EVIDENCE_CHARACTERS])
    results = _results(own)
    if any(one.outcome == "pass" and aligned(one.domain, domain) for one in results):
        return Authentication(AuthVerdict.PASS, evidence)
    if any(one.outcome in {"fail", "softfail", "hardfail", "permerror", "policy"} for one in results):
        return Authentication(AuthVerdict.FAIL, evidence)
    return Authentication(AuthVerdict.UNKNOWN, evidence)


def _own_results(mail: DecodedMail, trusted: tuple[str, ...]) -> str | None:
    fields = [
        _BREAKS.sub("", one.value.decode("latin-1")) for one in mail.fields if one.name == "authentication-results"
    ]
    node = _coremail_node(mail)
    if node is not None:
        return next((value for value in reversed(fields) if _server(value) == node.lower()), None)
    names = {name.lower() for name in trusted}
    # Our own server writes above what came with the mail, so its field is the topmost of its name.
    spaced = [one.value.decode("latin-1") for one in mail.fields if one.name == "authentication-results"]
    return next((value for value in spaced if _server(value) in names), None)


def _coremail_node(mail: DecodedMail) -> str | None:
    """Return the node that received the mail, where the transaction id at the end of the header proves it."""
    if not mail.received:
        return None
    match = _COREMAIL.search(mail.received[0])
    if match is None:
        return None
    node, transaction = match[1], match[2]
    hop = mail.hop()
    if hop.id and (transaction != hop.id.split()[0] or not hop.by.lower().startswith(node.lower())):
        return None
    told = [one.value for one in mail.fields if one.name == "x-cm-transid"]
    if not told or re.sub(r"\s+", "", told[-1].decode("latin-1")) != transaction:
        return None
    return node


def _server(value: str) -> str:
    words = re.split(r"[;\s]", value.strip(), maxsplit=1)
    return words[0].lower()


def _results(value: str) -> list[_Result]:
    found: list[_Result] = []
    for piece in re.sub(r"\([^()]{0,500}\)", " ", value).split(";")[1:50]:
        method = _METHOD.match(piece.strip())
        if method is None:
            continue
        wanted = {
            "spf": ("smtp.mailfrom", "smtp.mail"),
            "dkim": ("header.d", "header.i"),
            "dmarc": ("header.from", "policy.from"),
        }
        told = {name.lower(): text for name, text in _PROPERTY.findall(piece)}
        domain = next((told[name] for name in wanted.get(method[1].lower(), ()) if name in told), "")
        found.append(_Result(method[1].lower(), method[2].lower(), domain.rpartition("@")[2].strip(".").lower()))
    return found


def aligned(one: str, other: str) -> bool:
    """Whether two domains are of one organisation: the same, or one below the other, never a shared suffix."""
    first, second = one.strip(".").lower(), other.strip(".").lower()
    if not first or not second:
        return False
    if first == second:
        return True
    shorter, longer = sorted((first, second), key=len)
    return longer.endswith("." + shorter) and "." in shorter and shorter not in _SHARED_SUFFIXES
