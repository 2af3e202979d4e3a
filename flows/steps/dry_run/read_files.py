"""Reading without storing (试读): mails, papers, pictures, archives or folders of them, and what was found in each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from config.call import Call
from parsers.containers.kinds import CONTAINERS, PICTURES, WORD, sniff
from parsers.facts.context import ReadContext
from parsers.facts.looks import FormFacts, FormField, Look, ReportFacts, ScanFacts
from parsers.facts.mails import MailReading, ReadLeaf
from parsers.facts.problem import Problem
from parsers.read import FileReading
from parsers.sandbox.pool import Reader

_HEAD = 65_536


def describe_paths(paths: Iterable[Path], call: Call, *, ocr: bool = True) -> Iterator[dict[str, Any]]:
    """Read every file below these paths, in the order of their names, and describe each; nothing is kept.

    A file that cannot be opened is described too, with its problem.
    """
    with tempfile.TemporaryDirectory(prefix="zhengji-read-") as folder:
        context = ReadContext(call=call, ocr=ocr)
        with Reader(Path(folder), context) as reader:
            for path in _files(paths):
                yield _describe(path, reader)


def lines_of(described: dict[str, Any]) -> list[str]:
    """Return a description as lines for a terminal."""
    head = f"{described['path']}  [{described['kind']}]"
    lines = [head]
    for key, value in described.items():
        if key in {"path", "kind", "sha256", "problems", "leaves", "bytes", "entries"} or value in (None, "", [], {}):
            continue
        lines.append(f"  {key}: {value}")
    lines += [
        f"  · {leaf['path']}  {leaf['size']} 字节  {leaf['type']}  → {leaf.get('role', '')}"
        for leaf in described.get("leaves", [])
    ]
    lines += [_account(title, names, described[key]) for key, title, names in _ACCOUNTS if key in described]
    lines += [f"  ! {problem}" for problem in described["problems"]]
    return lines


_ACCOUNTS = (
    ("bytes", "字节账", ("共", "信头", "正文", "附件", "分隔", "未读并已说明", "不属任何部分")),
    ("entries", "条目账", ("共", "文件", "展开", "文件夹", "系统杂项", "未取出并已说明")),
)


def _account(title: str, names: tuple[str, ...], account: dict[str, int]) -> str:
    """Say an account in one line: the whole, and what it is the sum of."""
    whole, *parts = zip(names, account.values(), strict=True)
    return f"  = {title}：{whole[0]} {whole[1]} = " + " + ".join(f"{name} {value}" for name, value in parts)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(one for one in path.rglob("*") if one.is_file())
        else:
            yield path


def _describe(path: Path, reader: Reader) -> dict[str, Any]:
    try:
        with path.open("rb") as source:
            head = source.read(_HEAD)
    except OSError as error:
        words = f"文件打不开（{type(error).__name__}），请检查权限。"
        return {"kind": "other", "path": str(path), "sha256": "", "problems": [f"unopenable: {words}"]}
    if path.suffix.lower() == ".eml" or sniff(head) == "eml":
        return _mail(path, reader.read(path))
    return _file(path, reader.read_file(path, path.name))


def _mail(path: Path, reading: MailReading) -> dict[str, Any]:
    return {
        "kind": "mail",
        "path": str(path),
        "sha256": reading.sha256,
        "message_id": reading.message_id,
        "subject": reading.subject,
        "from": asdict(reading.sender),
        "to": [asdict(address) for address in reading.to],
        "date": reading.date.isoformat() if reading.date else None,
        "text": reading.text,
        "machine": reading.machine,
        "links": [_link(link) for link in reading.links],
        "leaves": [_leaf(leaf) for leaf in reading.leaves],
        "problems": _problems(reading.problems),
        "bytes": asdict(reading.raw_account),
        "entries": asdict(reading.entry_account),
    }


def _link(link: Any) -> dict[str, Any]:
    expires = link.expires.isoformat() if link.expires else None
    return {"url": link.url, "provider": link.provider, "expires": expires}


def _leaf(leaf: ReadLeaf) -> dict[str, Any]:
    problems = (*leaf.leaf.problems, *(leaf.look.problems if leaf.look else ()))
    return {
        "path": leaf.leaf.path,
        "name": leaf.leaf.name,
        "size": leaf.leaf.size,
        "sha256": leaf.leaf.sha256,
        "type": leaf.leaf.type,
        "role": leaf.role.value,
        "problems": _problems(problems),
    }


def _file(path: Path, read: FileReading) -> dict[str, Any]:
    look, leaf = read.look, read.leaf
    problems = _problems((*leaf.problems, *look.problems))
    common = {"path": str(path), "sha256": leaf.sha256, "problems": problems}
    if look.type == "pdf":
        return {"kind": "pdf", **common, **_scan(look.scan), **({} if look.report is None else _report(look.report))}
    if look.type in WORD or look.report is not None:
        return {"kind": "word", **common, **_report(look.report)}
    if look.type in PICTURES:
        return {"kind": "picture", **common, **_picture(look), **({} if look.scan is None else _scan(look.scan))}
    if read.leaves:
        return {"kind": "archive", **common, "leaves": [_leaf(one) for one in read.leaves]}
    kind = "archive" if look.type in CONTAINERS - {"eml"} else "other"
    return {"kind": kind, **common, **({"leaves": []} if kind == "archive" else {"type": look.type})}


def _scan(scan: ScanFacts | None) -> dict[str, Any]:
    if scan is None:
        return {"pages": 0, "text_layer": "none", "form": None, "seals": [], "signatures": []}
    return {
        "pages": scan.pages,
        "text_layer": scan.text_layer.value,
        "form": _form(scan.form) if scan.form else None,
        "seals": [
            {"page": seal.page, "box": asdict(seal.box), "text": seal.text, "confidence": round(seal.confidence, 3)}
            for seal in scan.seals
        ],
        "signatures": [asdict(signature) for signature in scan.signatures],
    }


def _form(form: FormFacts) -> dict[str, Any]:
    def field(one: FormField) -> dict[str, Any]:
        return {
            "value": one.value,
            "confidence": round(one.confidence, 3),
            "certain": one.certain,
            "page": one.page,
            "box": asdict(one.box) if one.box else None,
        }

    return {
        "case_title": field(form.case_title),
        "applicant": field(form.applicant),
        "recommender": field(form.recommender),
        "submitted_on": field(form.submitted_on),
    }


def _report(report: ReportFacts | None) -> dict[str, Any]:
    if report is None:
        return {"words": None, "words_max": None, "title": "", "parts": [], "figures": 0, "format": ""}
    return {
        "words": report.counts.body,
        "words_max": report.counts.most,
        "title": report.title,
        "parts": [{"name": p.name, "verdict": p.verdict.value, "words": p.words} for p in report.parts],
        "figures": len(report.figures),
        "format": report.format,
    }


def _picture(look: Look) -> dict[str, Any]:
    picture = look.picture
    if picture is None:
        return {"width": 0, "height": 0, "sharpness": 0.0, "phash": "", "caption": ""}
    return {
        "width": picture.width,
        "height": picture.height,
        "sharpness": round(picture.sharpness, 2),
        "phash": picture.phash,
        "caption": picture.caption,
    }


def _problems(problems: Iterable[Problem]) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in problems]
