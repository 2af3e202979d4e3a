"""Which mail address is a firm's own contact (企业联系人)? Read where a firm or its recommender wrote it down.

Somebody who never wrote to us may be told of a firm's papers only where the address is that firm's without doubt: an
address off by one letter tells a stranger. So an address counts only where it stands as text (never where it was read
from a picture, unless it also stands as text elsewhere), beside a word that makes it a contact, in the firm's own
paper or on a line that names this firm and no other; and only where nothing else names a second one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from parsers.containers.kinds import TABLES, WORD
from parsers.facts.leaf import Role
from parsers.facts.looks import Look, Source
from parsers.facts.mails import ReadLeaf
from parsers.mail.machine import machine_address
from parsers.names.company import Sameness, find_companies, mention, same_company


class ContactSource(StrEnum):
    """Where an address stood (出处)."""

    FORM = "form"
    """推荐表."""
    REPORT = "report"
    """案例报告."""
    MAIL = "mail"
    """推荐单位来信正文."""
    TABLE = "table"
    """推荐单位所附的表."""


@dataclass(frozen=True, slots=True)
class ContactRead:
    """An address read somewhere, with its evidence. ``certain``: it stands there as text, as a contact, of one firm."""

    address: str
    """Lower case."""
    person: str
    """Name of the contact where one stands beside it; else empty."""
    source: ContactSource
    certain: bool
    where: str
    """The file as the sender named it; empty for the mail's own text."""
    words: str
    """The line it stood on, cut short."""


@dataclass(frozen=True, slots=True)
class Barred:
    """Addresses that are never a firm's contact: ours, our staff's, the recommender's (不得函告的邮箱)."""

    addresses: frozenset[str] = frozenset()
    domains: frozenset[str] = frozenset()
    """Domains of one organisation each; never those of public providers."""

    def bars(self, address: str) -> bool:
        """Whether this address must not be told; machines are barred always."""
        domain = address.rpartition("@")[2]
        inside = any(domain == own or domain.endswith(f".{own}") for own in self.domains)
        return address in self.addresses or inside or machine_address(address) is not None


@dataclass(frozen=True, slots=True)
class Contact:
    """What was found out about a firm's contact. ``address`` is empty where none is sure; ``reason`` says why."""

    address: str = ""
    person: str = ""
    reason: str = ""
    evidence: tuple[ContactRead, ...] = ()


_ADDRESS = re.compile(
    r"(?<![\w.%+\-@])[a-z0-9](?:[a-z0-9._%+\-]{0,62}[a-z0-9_])?"
    r"@(?:[a-z0-9](?:[a-z0-9\-]{0,61}[a-z0-9])?\.){1,5}[a-z]{2,24}(?!\.?[\w@\-])",
    re.IGNORECASE | re.ASCII,
)
_GLUED = re.compile(r"[\d\-]{7,}[a-z]", re.IGNORECASE)
"""A telephone number and the address behind it without a blank: where the address begins, nobody knows."""
_LABEL = re.compile(
    r"联\s*[系络]\s*人|联系方式|电子邮[箱件]|电子信箱|邮\s*箱|邮件地址|邮件|信箱|电邮|e-?mail", re.IGNORECASE
)
_ALONE = re.compile(
    r"[^:]{0,8}(?:联系人|联系方式|电子邮[箱件]|电子信箱|邮箱|邮件地址|信箱|e-?mail)[^:\w]{0,6}[::]?", re.IGNORECASE
)
_OTHERS = re.compile(
    r"推荐|主管|主办|承办|协办|受理|分会|协会|商会|联合会|学会|经信|财政|工信|政府|咨询|客户|用户|合作|供应商|经销|代理"
    r"|高校|大学|学院|研究[院所]|医院|银行|媒体|律师|会计|审计|作者|专家|顾问|导师|第三方|代办|代写"
)
"""Words beside an address that make it somebody else's."""
_NOT_NOW = re.compile(
    r"原联系|原邮箱|旧邮箱|不再|离职|作废|停用|有误|错误|勿|不要|以前|曾用|转发|转交|转送|抄送|密送|发至|发送至|发送到|发到|发往|发给"
    r"|寄至|寄到|报送至|报送到|投稿|回复至|回复到|反馈至|通知到|例如|格式为|样例|示例|退出|撤回"
)
"""Words that make it no contact of today: an old one, or a place to send something to."""
_FIELD = re.compile(
    r"\s*(?:>|(?:发件人|寄件人|收件人|抄送|密送|回复给|from|to|cc|bcc|sender|reply-to)\s*[::])", re.IGNORECASE
)
"""Lines of a header that somebody pasted: who wrote to whom is nobody's contact."""
_PERSON = re.compile(
    r"联\s*[系络]\s*人(?:姓名)?\s*[::]?\s*([\u4e00-\u9fff·]{2,4}?)"
    r"(?=[^\u4e00-\u9fff·]|\Z|邮|电话|电子|手机|联系|职务|部门|座机|传真|微信|先生|女士)"
)
_CELLS = re.compile(r"[\s,，、;；|/()（）:：]+")
_HEAD = re.compile(r"名称|单位|企业|联系|邮箱|电话|姓名|手机|序号|e-?mail", re.IGNORECASE)
_LINE_LIMIT = 300
_LINES = 2_000
_WORDS = 80
_FIRM_NAMED = 0.8
"""``names.mention`` from which a line speaks of a firm: its full name, with or without legal form, or its short one."""
_REACH = 3
"""Lines below a firm's name that may still be its contact's, where no blank line and no other firm stands between."""


def contacts_in_paper(leaf: ReadLeaf) -> tuple[ContactRead, ...]:
    """Return the addresses that a form or a report names as contact, each once, in order."""
    if leaf.role not in {Role.FORM, Role.REPORT} or leaf.look is None:
        return ()
    source = ContactSource.FORM if leaf.role is Role.FORM else ContactSource.REPORT
    text, written, drawn = _words_of(leaf.look)
    lines = _folded(text).split("\n")[:_LINES]
    found: dict[str, ContactRead] = {}
    for number, line in enumerate(lines):
        for address in _addresses(line):
            if not _is_contact(lines, number):
                continue
            sure = written and not (drawn and (_cut_off(lines, number, address) or _joined(line, address)))
            read = ContactRead(address, _person(lines, number), source, sure, leaf.leaf.name, line.strip()[:_WORDS])
            if address not in found or (sure and not found[address].certain):
                found[address] = read
    return tuple(found.values())


def contacts_in_mail(text: str, firms: Sequence[str]) -> dict[str, tuple[ContactRead, ...]]:
    """Return what a recommender's new text (no quoted history, no signature) says of each firm's contact."""
    return _by_firm(_folded(text).split("\n")[:_LINES], firms, ContactSource.MAIL, "", wraps=True)


def contacts_in_table(leaf: ReadLeaf, firms: Sequence[str]) -> dict[str, tuple[ContactRead, ...]]:
    """Return what a spreadsheet with a row for each firm says of each firm's contact; empty for other files."""
    if leaf.look is None or leaf.look.type not in TABLES:
        return {}
    rows = _folded(leaf.look.text).split("\n")[:_LINES]
    return _by_firm(_own_columns(rows), firms, ContactSource.TABLE, leaf.leaf.name, wraps=False)


def sure_contact(reads: Iterable[ContactRead], barred: Barred, taken: Iterable[str] = ()) -> Contact:
    """Return the one address that is a firm's contact without doubt, else why there is none.

    ``taken`` are addresses that the same mail names for other firms too: an agent's, not a firm's.
    """
    every = tuple(reads)
    shared = frozenset(taken)
    kept = tuple(read for read in every if not barred.bars(read.address) and read.address not in shared)
    certain = tuple(dict.fromkeys(read.address for read in kept if read.certain))
    if len(certain) > 1:
        return Contact(reason=f"写有 {len(certain)} 个不同的联系邮箱，看不出以哪一个为准", evidence=kept)
    if not certain:
        return Contact(reason=_why_none(every, kept, shared), evidence=kept)
    proof = tuple(read for read in kept if read.address == certain[0])
    person = next((read.person for read in proof if read.person), "")
    return Contact(certain[0], person, f"联系邮箱见{_named(proof)}", proof)


def masked(address: str) -> str:
    """Return an address so that its owner knows it again and nobody else can write to it: ``z***@firm.example``."""
    local, _, domain = address.rpartition("@")
    return f"{local[:1]}***@{domain}" if local else ""


def shared_addresses(by_firm: Mapping[str, Sequence[ContactRead]]) -> frozenset[str]:
    """Return the addresses that stand for more than one firm."""
    owners: dict[str, set[str]] = {}
    for firm, reads in by_firm.items():
        for read in reads:
            owners.setdefault(read.address, set()).add(firm)
    return frozenset(address for address, firms in owners.items() if len(firms) > 1)


def _why_none(every: Sequence[ContactRead], kept: Sequence[ContactRead], shared: frozenset[str]) -> str:
    if kept:
        return "联系邮箱由图像识别得来，没有文字可以印证"
    if any(read.address in shared for read in every):
        return "所写邮箱同时是另一家企业的联系邮箱"
    if every:
        return "所写邮箱属于推荐单位、本会或自动程序"
    return "材料和来信中没有写明企业的联系邮箱"


def _named(proof: Sequence[ContactRead]) -> str:
    names = {
        ContactSource.FORM: "推荐表",
        ContactSource.REPORT: "案例报告",
        ContactSource.MAIL: "推荐单位来信",
        ContactSource.TABLE: "推荐单位所附的表",
    }
    return "、".join(dict.fromkeys(names[read.source] for read in proof))


def _folded(text: str) -> str:
    return unicodedata.normalize("NFKC", text.replace("\r", ""))


def _words_of(look: Look) -> tuple[str, bool, bool]:
    """Return the words of a paper, whether they are the file's own letter for letter, and whether they were drawn.

    A drawn page has no lines and blanks of its own: what stands side by side may be one word or two.
    """
    if look.type in WORD:
        return look.text, True, False
    form = look.scan.form if look.scan is not None else None
    if form is not None and form.mail_rows:
        return "\n".join(form.mail_rows), form.mail_source is not Source.OCR, True
    # The text of a page is kept without blanks and underlines: zhang_san would be zhangsan, who is somebody else.
    return look.text, False, True


def _addresses(line: str) -> tuple[str, ...]:
    if len(line) > _LINE_LIMIT or "@" not in line or _FIELD.match(line):
        return ()
    found = (match.group().lower() for match in _ADDRESS.finditer(line))
    return tuple(dict.fromkeys(address for address in found if ".." not in address and not _GLUED.match(address)))


def _is_contact(lines: Sequence[str], number: int) -> bool:
    """Whether the line, or a label that stands alone just above it, makes its address the firm's contact."""
    line = lines[number]
    above = next((one.strip() for one in reversed(lines[max(0, number - 2) : number]) if one.strip()), "")
    said = line
    if not _LABEL.search(_ADDRESS.sub("", line)):
        if not _ALONE.fullmatch(above):
            return False
        said = f"{above} {line}"
    return not _OTHERS.search(said) and not _NOT_NOW.search(said) and not _of_others(lines, number)


def _of_others(lines: Sequence[str], number: int) -> bool:
    """Whether the line stands in a block that somebody else fills in: 推荐单位意见, 主管部门意见."""
    return any(
        re.search(r"(?:推荐|主管|审核|初审|审查)[^\n]{0,8}意见", line) for line in lines[max(0, number - 4) : number]
    )


def _person(lines: Sequence[str], number: int) -> str:
    for line in (lines[number], *reversed(lines[max(0, number - 2) : number])):
        match = _PERSON.search(line)
        if match is not None:
            return match.group(1)
    return ""


def _cut_off(lines: Sequence[str], number: int, address: str) -> bool:
    """Whether the address may begin on the line above or go on below, in a text whose lines are broken anywhere."""
    line = lines[number].strip().lower()
    below = lines[number + 1].strip() if number + 1 < len(lines) else ""
    above = lines[number - 1].strip() if number else ""
    on = line.endswith(address) and re.match(r"[A-Za-z.\-]", below) is not None
    back = line.startswith(address) and re.search(r"[A-Za-z._+\-]\Z", above) is not None
    return on or back


def _joined(line: str, address: str) -> bool:
    """Whether Latin letters stand so near that they may belong to the address (Tom zhang@…, …@firm.co m)."""
    at = line.lower().find(address)
    before, behind = line[:at].rstrip(), line[at + len(address) :].lstrip()
    return re.search(r"[A-Za-z._+\-]\Z", before) is not None or re.match(r"[A-Za-z.\-]", behind) is not None


def _by_firm(
    lines: Sequence[str], firms: Sequence[str], source: ContactSource, where: str, *, wraps: bool
) -> dict[str, tuple[ContactRead, ...]]:
    if not any("@" in line for line in lines):
        return {}
    found: dict[str, dict[str, ContactRead]] = {firm: {} for firm in firms}
    current, since = "", 0
    for number, line in enumerate(lines):
        names = _names_in(line, firms)
        if names or not line.strip():
            current, since = (names[0] if len(names) == 1 and names[0] else ""), number
        addresses = _addresses(line)
        if not current or not addresses or number - since > _REACH:
            continue
        beside = bool(names)
        if not (_is_list_line(line, current) if beside else _is_contact(lines, number)):
            continue
        for address in addresses:
            sure = len(addresses) == 1 and not (wraps and _cut_off(lines, number, address))
            read = ContactRead(
                address, _person(lines[since:], number - since), source, sure, where, line.strip()[:_WORDS]
            )
            found[current].setdefault(address, read)
    return {firm: tuple(reads.values()) for firm, reads in found.items() if reads}


def _names_in(line: str, firms: Sequence[str]) -> list[str]:
    """Return the firms that a line names, an empty name for one that is none of these."""
    bare = _ADDRESS.sub(" ", line[:_LINE_LIMIT])
    named = [firm for firm in firms if firm and mention(bare, firm) >= _FIRM_NAMED]
    known = [firm for firm in firms if firm]
    strange = [
        name for name in find_companies(bare) if not any(same_company(name, one) is Sameness.CERTAIN for one in known)
    ]
    return [*named, *("" for _ in strange)]


def _is_list_line(line: str, firm: str) -> bool:
    """Whether a line that names a firm and an address says that the one is the other's contact, or is a mere list."""
    if _NOT_NOW.search(line):
        return False
    bare = _ADDRESS.sub(" ", line).replace(_folded(firm), " ")
    if _OTHERS.search(bare):
        return False
    if _LABEL.search(bare):
        return True
    # Number, firm, person, telephone, address, and no sentence between: a list needs no labels.
    cells = [cell for cell in _CELLS.split(bare) if cell]
    return all(re.fullmatch(r"[\d.\-+()]+|[\u4e00-\u9fff·]{1,4}", cell) or mention(cell, firm) >= 0.5 for cell in cells)


def _own_columns(rows: Sequence[str]) -> list[str]:
    """Return the rows without the cells whose column is headed as somebody else's (推荐单位邮箱)."""
    barred: set[int] = set()
    kept = []
    for row in rows:
        cells = row.split("\t")
        heads = [cell for cell in cells if _HEAD.search(cell)]
        if len(heads) >= 2 and not any(_ADDRESS.search(cell) for cell in cells):
            barred = {place for place, cell in enumerate(cells) if _LABEL.search(cell) and _OTHERS.search(cell)}
        kept.append("\t".join("" if place in barred else cell for place, cell in enumerate(cells)))
    return kept
