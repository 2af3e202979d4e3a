"""What may be hidden in files and links that we could not open (可能藏有材料的文件).

A material is certainly missing only where nothing that we could not read might hold it.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.call import Call, Material
from parsers.facts.leaf import Role
from parsers.facts.problem import Weight
from store.dossier.dossier import Dossier, FiledFile
from store.states import VersionState

PICTURES = frozenset({"jpeg", "png", "gif", "bmp", "tiff", "heic", "webp", "svg", "psd"})
WORD = frozenset(
    {"docx", "docm", "doc", "wps", "rtf", "odt", "html", "mhtml", "wordxml", "docx-encrypted", "ole-encrypted"}
)
EXTENSIONS = {
    "jpg": "jpeg", "jpeg": "jpeg", "png": "png", "gif": "gif", "bmp": "bmp", "tif": "tiff", "tiff": "tiff",
    "heic": "heic", "webp": "webp", "pdf": "pdf", "ofd": "ofd", "doc": "doc", "docx": "docx", "docm": "docm",
    "wps": "wps", "rtf": "rtf", "odt": "odt",
}  # fmt: skip
HOLDERS: Mapping[str, frozenset[str]] = {
    Role.FORM: PICTURES | WORD | {"pdf", "ofd"},
    Role.REPORT: WORD | {"pdf", "ofd"},
    Role.PHOTO: PICTURES,
}
NEVER = frozenset({"video", "audio", "lock", "clutter", "empty"})


def kind_of(name: str, sniffed: str = "") -> str:
    """Return the kind a file has by its name, else by its content; empty where neither says more than a container."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return EXTENSIONS.get(ending, sniffed if sniffed in PICTURES | WORD | {"pdf", "ofd"} | NEVER else "")


def could_hold(name: str, sniffed: str, material: Material) -> bool:
    """Whether a file of this name and kind might hold the material; a container or unknown thing may hold any."""
    kind = kind_of(name, sniffed)
    return not kind or kind in HOLDERS.get(material.role, frozenset({kind}) - NEVER)


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
    """Return the names of unopened files and of links that might hold the material."""
    files = [file.name for file in unopened(dossier) if could_hold(file.name, file.type, material)]
    links = [link.name or f"{link.provider}链接" for link in dossier.links if could_hold(link.name, "", material)]
    return tuple(dict.fromkeys([*files, *links]))


def enough(dossier: Dossier, material: Material) -> bool:
    """Whether as many opened files of the material are there as the notice asks at least."""
    return sum(opened(file) for file in dossier.current(material.key)) >= material.at_least


def wanted(call: Call) -> tuple[Material, ...]:
    """Return the materials that must come by mail."""
    return tuple(m for m in call.materials if m.required and m.medium in {"electronic", "both"})
