"""What could this thing hold? (可能藏有什么) The one place that says how far a doubt reaches.

缺失 is certain only while nothing of the sender's is in doubt: no file or link that we could not open, no mail that is
unread, no file whose place staff have not said. Each such thing makes only that uncertain which it could hold: a
locked 照片.zip says nothing of a missing form, a link for another firm nothing of this one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from config.call import Call, Material
from parsers.containers.kind_table import Family, family, meant
from parsers.facts.leaf import Role
from parsers.facts.problem import Weight
from store.dossier.dossier import Dossier, FiledFile, Unsettled
from store.states import VersionState

PICTURES = family(Family.PICTURE)
_PAPER = family(Family.WORD) | family(Family.PAGES)
EXTENSIONS = {extension: kind for extension, kind in meant().items() if kind in PICTURES | _PAPER}
HOLDERS: Mapping[str, frozenset[str]] = {
    Role.FORM: PICTURES | _PAPER,
    Role.REPORT: _PAPER,
    Role.PHOTO: PICTURES,
}
NEVER = family(Family.RECORDING) | family(Family.NOTHING)
PAPERS = frozenset({Role.FORM, Role.REPORT, Role.PHOTO})
"""What a read file that is a material was read as: it is that one and no other."""
SPOKEN_OF: Mapping[str, re.Pattern[str]] = {
    Role.FORM: re.compile(r"推荐表|申报表|申请表"),
    Role.REPORT: re.compile(r"报告|案例(?!申报|推荐|材料)"),
    Role.PHOTO: re.compile(r"照片|图片|相片|photo|pictures?|images?", re.IGNORECASE),
}
"""Words in a name by which it says what it holds."""
GENERAL = re.compile(r"材料|资料|全套|打包|汇总|申报(?!推荐表|表)|附件(?!\d)")
"""Words that say that it may hold anything."""


def kind_of(name: str, sniffed: str = "") -> str:
    """Return the kind a file has by its name, else by its content; empty where neither says more than a container."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return EXTENSIONS.get(ending, sniffed if sniffed in PICTURES | _PAPER | NEVER else "")


def could_hold(name: str, sniffed: str, material: Material) -> bool:
    """Whether a file of this name and kind might hold the material.

    A file of a known kind holds what comes in that kind. A container, a link or an unknown thing may hold any, unless
    its name says of what it is: 照片.zip holds photos, 推荐表和报告.zip no photos.
    """
    kind = kind_of(name, sniffed)
    if kind:
        return kind in HOLDERS.get(material.role, frozenset({kind}) - NEVER)
    spoken = {role for role, words in SPOKEN_OF.items() if words.search(name)}
    return not spoken or GENERAL.search(name) is not None or material.role in spoken or material.role not in SPOKEN_OF


def unopened(dossier: Dossier) -> tuple[FiledFile, ...]:
    """Return the current files that could not be opened, whatever they were filed as.

    A file inside an archive that could not be opened as a whole is left out: sending the archive again mends both.
    """
    shut = [f for f in dossier.files if f.state is VersionState.CURRENT and (f in dossier.unreadable or not opened(f))]
    return tuple(f for f in shut if not any(inside(f, other) for other in shut))


def inside(file: FiledFile, container: FiledFile) -> bool:
    """Whether the file came in the container."""
    return file.message == container.message and file.path.startswith(f"{container.path}/")


def opened(file: FiledFile) -> bool:
    """Whether the content of a file was seen: no problem with it says that it stayed hidden."""
    problems = file.problems + (file.look.problems if file.look else ())
    return all(problem.weight is not Weight.UNREADABLE for problem in problems)


def may_hide(dossier: Dossier, material: Material) -> tuple[str, ...]:
    """Return the names of what might hold the material: unopened files, links, and whatever is not settled yet."""
    files = [file.name for file in unopened(dossier) if could_hold(file.name, file.type, material)]
    links = [link.name or f"{link.provider}链接" for link in dossier.links if could_hold(link.name, "", material)]
    waiting = [file.name for file in dossier.files if file.state is VersionState.PENDING and _may_be(file, material)]
    others = [one.name for one in dossier.unsettled if may_be(one, material)]
    return tuple(dict.fromkeys([*files, *links, *waiting, *others]))


def asked(dossier: Dossier, material: Material) -> bool:
    """Whether nothing but what staff are asked about already might hold the material."""
    shut = any(could_hold(file.name, file.type, material) for file in unopened(dossier))
    return not shut and not any(could_hold(link.name, "", material) for link in dossier.links)


def may_be(thing: Unsettled, material: Material) -> bool:
    """Whether something unsettled might be the material, or hold it."""
    return _fits(thing.role, thing.name, thing.type, material)


def _may_be(file: FiledFile, material: Material) -> bool:
    return _fits(file.role, file.name, file.type, material)


def _fits(role: Role | None, name: str, kind: str, material: Material) -> bool:
    if role in PAPERS:
        return role == material.role
    return role not in {Role.NOISE, Role.OTHER} and could_hold(name, kind, material)


def enough(dossier: Dossier, material: Material) -> bool:
    """Whether as many opened files of the material are there as the notice asks at least."""
    return sum(opened(file) for file in dossier.current(material.key)) >= material.at_least


def wanted(call: Call) -> tuple[Material, ...]:
    """Return the materials that must come by mail."""
    return tuple(m for m in call.materials if m.required and m.medium in {"electronic", "both"})
