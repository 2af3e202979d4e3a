"""Which files of one mail belong together (批量报送的拆分): one group for each firm, and what fits none.

A mail of one firm is one group. A recommender's mail or zip is split by what stands in the forms, in file names, in
folder names and in the reports. A file that nothing ties to one firm alone stays with the bundle for staff.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from parsers.facts.leaf import Role
from parsers.facts.looks import FormKind
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.names.applicant import ApplicantRead, codes_of_leaves, read_applicant
from parsers.names.company import Sameness, clean_name, find_companies, is_body, is_company, mention, same_company

_TYPE_FOLDER = re.compile(
    r"^[\d一二三四五六七八九十、.．\-_ （）()]*"
    r"(?:附件|申报|推荐|案例|报告|照片|图片|相关|支撑|材料|电子|扫描|盖章|word|pdf|版|件|表|"
    r"文件|新建|夹|汇总|全部|企业|资料|打包|压缩|单位|优秀|\d|[\s、.．\-_（）()])*(?:\.(?:zip|rar|7z|tar|gz|eml|msg))?$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one firm in a mail, with the applicant they name. ``folder`` is theirs where they share one."""

    leaves: tuple[ReadLeaf, ...]
    positions: tuple[int, ...]
    """Places of the leaves in the reading: two attachments of one mail may bear the same path."""
    applicant: ApplicantRead
    folder: str = ""

    @property
    def paths(self) -> tuple[str, ...]:
        """The paths of the files."""
        return tuple(leaf.leaf.path for leaf in self.leaves)


@dataclass(frozen=True, slots=True)
class Bundle:
    """A mail taken apart. ``leftovers`` are files of a mail with several firms that fit none of them."""

    groups: tuple[Group, ...]
    leftovers: tuple[int, ...] = ()
    """Places in the reading."""
    own: tuple[int, ...] = ()
    """Places of the recommender's own papers about all of them: a list of its firms, its covering letter."""

    @property
    def several(self) -> bool:
        """Whether the mail brings files of more than one firm."""
        return len(self.groups) > 1


Votes = dict[int, str | None]
"""By place in the reading: a file's firm; None where that is open; empty where two of its places disagree."""


def split(reading: MailReading, never: Sequence[str] = ()) -> Bundle:
    """Take a mail apart; ``never`` are names that no applicant bears (issuer, recommenders)."""
    leaves = {place: leaf for place, leaf in enumerate(reading.leaves) if leaf.role is not Role.NOISE}
    firms = _firms(list(leaves.values()), never)
    candidates = _distinct([*firms, *_names_in_mail(reading, never)])
    votes: Votes = {place: _vote(leaf, candidates) for place, leaf in leaves.items()}
    _infer_from_folders(leaves, votes)
    _hear_captions(leaves, votes, candidates)
    unnamed = _unnamed_slots(leaves, votes)
    named = [firm for firm in candidates if firm in votes.values()]
    if len(named) + len(unnamed) <= 1:
        whole = read_applicant(reading, list(leaves.values()), never=never)
        return Bundle((Group(tuple(leaves.values()), tuple(leaves), whole),))
    groups = [_named_group(reading, leaves, votes, firm, never) for firm in dict.fromkeys(filter(None, votes.values()))]
    for slot in unnamed:
        own = {n: leaf for n, leaf in leaves.items() if votes[n] is None and _folder(leaf).startswith(slot)}
        read = read_applicant(reading, list(own.values()), never=never, with_mail=False)
        groups.append(Group(tuple(own.values()), tuple(own), read, slot))
    placed = {place for group in groups for place in group.positions}
    left = [place for place in leaves if place not in placed]
    lists = tuple(place for place in left if is_own_paper(leaves[place], named))
    return Bundle(tuple(groups), tuple(place for place in left if place not in lists), lists)


_OWN_PAPER = re.compile(r"汇总|名单|一览表|清单|目录|台账|统计表|推荐函|推荐信|报送函|公函|公文|行文")
_OF_PICTURES = re.compile(r"照片|图片|图说")


def is_own_paper(leaf: ReadLeaf, firms: Sequence[str]) -> bool:
    """Whether a file of a mail with several firms is its sender's own paper about them: by its name, or by its words.

    A list of the firms (汇总表) names several of them; nobody needs to say to which one it belongs.
    """
    if leaf.role is not Role.OTHER:
        return False
    if leaf.look is not None and sum(mention(leaf.look.text, firm) >= _SPOKEN_OF for firm in firms) > 1:
        return True
    stem = leaf.leaf.name.rpartition(".")[0]
    return _OWN_PAPER.search(stem) is not None and _OF_PICTURES.search(stem) is None


_SPOKEN_OF = 0.5
"""From this score on a text speaks of a firm (``parsers.names.company.mention``)."""


def _named_group(
    reading: MailReading, leaves: dict[int, ReadLeaf], votes: Votes, firm: str, never: Sequence[str]
) -> Group:
    own = {place: leaf for place, leaf in leaves.items() if votes[place] == firm}
    files = list(own.values())
    return Group(tuple(files), tuple(own), _named(reading, files, firm, never), _shared_folder(files))


def _named(reading: MailReading, own: Sequence[ReadLeaf], firm: str, never: Sequence[str]) -> ApplicantRead:
    """Read the applicant of a group; where its files only hint at it (简称), take the full name from the mail."""
    read = read_applicant(reading, own, never=never, with_mail=False)
    if read.name:
        return read
    reason = f"文件夹或文件名中的简称与来信所列“{firm}”相符。"
    return ApplicantRead(
        firm, certain=False, confidence=0.8, reason=reason, credit_code="".join(codes_of_leaves(own)[:1])
    )


def _firms(leaves: Sequence[ReadLeaf], never: Sequence[str]) -> list[str]:
    """Return the firms that own files: from forms first, then folders and the names of papers, then reports."""
    from_forms = [name for leaf in leaves for name in _form_name(leaf)]
    from_names = [
        name
        for leaf in leaves
        for name in (
            *_companies_in(leaf.leaf.name if leaf.role in {Role.FORM, Role.REPORT} else ""),
            *(name for step in _steps(leaf) for name in _companies_in(step)),
        )
    ]
    firms = _distinct([*from_forms, *from_names])
    for leaf in leaves:
        names = _report_names(leaf)
        if names and not any(_same(name, firm) for name in names for firm in firms) and not (from_forms or from_names):
            firms.append(names[0])
    return [firm for firm in _distinct(firms) if not is_body(firm) and not any(_same(firm, other) for other in never)]


def _names_in_mail(reading: MailReading, never: Sequence[str]) -> list[str]:
    texts = (reading.subject, reading.text, *reading.forwarded)
    names = [name for text in texts for name in find_companies(text)]
    return [name for name in names if not is_body(name) and not any(_same(name, other) for other in never)]


def _vote(leaf: ReadLeaf, candidates: Sequence[str]) -> str | None:
    """Return the firm that a file names by itself; None where it names none, empty where two of its places disagree."""
    content = _first_match(_form_name(leaf), candidates)
    by_name = _best_mention(leaf.leaf.name, candidates)
    by_folder = next((found for step in reversed(_steps(leaf)) if (found := _best_mention(step, candidates))), None)
    report = _first_match(_report_names(leaf), candidates)
    if leaf.role is Role.PHOTO:
        # A photo's name is its caption and may speak of a customer: it is heard last.
        return by_folder
    voices = [voice for voice in (content, by_name, by_folder) if voice]
    if len(set(voices)) > 1:
        return ""
    return voices[0] if voices else report


def _infer_from_folders(leaves: dict[int, ReadLeaf], votes: Votes) -> None:
    """Give a file without a name of its own the firm of its folder, where all named files there are one firm's."""
    spoken = {place: vote for place, vote in votes.items() if vote}
    for place in [place for place, vote in votes.items() if vote is None]:
        steps = _steps(leaves[place])
        for depth in range(len(steps), 0, -1):
            folder = "/".join(steps[:depth]) + "/"
            owners = {vote for other, vote in spoken.items() if leaves[other].leaf.path.startswith(folder)}
            if len(owners) == 1 and not _is_type_folder(steps[depth - 1]):
                votes[place] = owners.pop()
            if owners:
                break


def _hear_captions(leaves: dict[int, ReadLeaf], votes: Votes, candidates: Sequence[str]) -> None:
    """Give a photo that no folder ties to a firm to the one that its name speaks of."""
    for place, leaf in leaves.items():
        if leaf.role is Role.PHOTO and votes[place] is None:
            votes[place] = _best_mention(leaf.leaf.name, candidates)


def _unnamed_slots(leaves: dict[int, ReadLeaf], votes: Votes) -> list[str]:
    """Return folders that hold a form or a report of a firm whose name nobody could read."""
    papers = dict.fromkeys(
        _folder(leaf)
        for place, leaf in leaves.items()
        if leaf.role in {Role.FORM, Role.REPORT} and votes[place] is None and _folder(leaf)
    )
    taken = {_folder(leaf) for place, leaf in leaves.items() if votes[place]}
    return [
        folder
        for folder in papers
        if not _is_type_folder(folder.rstrip("/").rsplit("/", 1)[-1])
        and not any(other.startswith(folder) or folder.startswith(other) for other in taken if other)
    ]


def _is_type_folder(name: str) -> bool:
    """Whether a folder's name speaks of kinds of files and of nobody (推荐表, 照片, 附件1); no long name does."""
    return len(name) <= 40 and _TYPE_FOLDER.match(name) is not None


def _form_name(leaf: ReadLeaf) -> list[str]:
    form = leaf.look.scan.form if leaf.look and leaf.look.scan else None
    if form is None or form.kind is FormKind.OTHER:
        return []
    name = clean_name(form.applicant.value)
    return [name] if is_company(name) else []


def _report_names(leaf: ReadLeaf) -> list[str]:
    if leaf.role is not Role.REPORT or leaf.look is None or leaf.look.report is None:
        return []
    return [clean_name(name) for name in leaf.look.report.names if is_company(name)]


def _companies_in(text: str) -> list[str]:
    return [name for name in find_companies(text) if not is_body(name)]


def _first_match(names: Sequence[str], candidates: Sequence[str]) -> str | None:
    for kind in (Sameness.CERTAIN, Sameness.LIKELY):
        for name in names:
            found = [one for one in candidates if same_company(name, one) is kind]
            if len(found) == 1:
                return found[0]
    return None


def _best_mention(text: str, candidates: Sequence[str]) -> str | None:
    """Return the one firm that a text speaks of; None where it speaks of none, or of two equally."""
    scored = sorted(((mention(text, firm), firm) for firm in candidates), reverse=True)
    if not scored or scored[0][0] < _SPOKEN_OF:
        return None
    if len(scored) > 1 and scored[1][0] >= scored[0][0]:
        return None
    return scored[0][1]


def _distinct(names: Sequence[str]) -> list[str]:
    """Return one name for each enterprise, the first that stood for it."""
    kept: list[str] = []
    for name in names:
        if not any(same_company(name, other) is not Sameness.NO for other in kept):
            kept.append(name)
    return kept


def _same(left: str, right: str) -> bool:
    return same_company(left, right) is not Sameness.NO


def _steps(leaf: ReadLeaf) -> list[str]:
    return [step for step in leaf.leaf.path.split("/")[:-1] if step]


def _folder(leaf: ReadLeaf) -> str:
    steps = _steps(leaf)
    return "/".join(steps) + "/" if steps else ""


def _shared_folder(own: Sequence[ReadLeaf]) -> str:
    first, *rest = (_steps(leaf) for leaf in own)
    shared = list(first)
    for steps in rest:
        length = next(
            (n for n, (a, b) in enumerate(zip(shared, steps, strict=False)) if a != b), min(len(shared), len(steps))
        )
        shared = shared[:length]
    return "/".join(shared)
