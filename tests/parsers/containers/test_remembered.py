"""The same file is looked at once, whatever mail brings it; and anew where the answer could be another."""

from __future__ import annotations

from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import pytest

from parsers.facts.context import ReadContext
from parsers.facts.looks import Box, FormFacts, FormField, Look, ScanFacts, Seal
from parsers.facts.spool import MemorySpool, Spool
from parsers.look import dispatch as looking
from parsers.look.cache import remembered
from parsers.read import read_message
from tests.parsers.containers.world import context, form_docx

NAME = "舟山景光环保科技股份有限公司"
SLIP = "舟山最光环保科技股份有限公司"


class Watched:
    """A reader that counts how often it was asked, and lays a crop into the spool as real ones do."""

    def __init__(self, spool: Spool, applicant: str = SLIP) -> None:
        self.times = 0
        self.spool = spool
        self.applicant = applicant

    def __call__(self) -> Look:
        self.times += 1
        field = FormField(self.applicant, 0.8, crop=self.spool.put(b"crop"))
        return Look("pdf", scan=ScanFacts(1, form=FormFacts(applicant=field)))


@pytest.fixture
def remembering(tmp_path: Path) -> ReadContext:
    return replace(context(), remembers=str(tmp_path / "looks"))


def ask(watched: Watched, known: ReadContext, data: bytes = b"%PDF-1.7 one", name: str = "a.pdf") -> Look:
    return remembered(data, name, "pdf", watched.spool, known, watched)


def test_the_same_content_is_looked_at_once_and_its_crops_come_along(remembering: ReadContext) -> None:
    first, second = Watched(MemorySpool()), Watched(MemorySpool())

    assert ask(first, remembering) == ask(second, remembering, name="转发：推荐表.pdf")
    assert (first.times, second.times) == (1, 0)
    field = ask(second, remembering).scan.form.applicant  # type: ignore[union-attr] # a form was kept
    assert second.spool.get(field.crop or "") == b"crop"


@pytest.mark.parametrize(
    ("data", "name", "changes"),
    [
        (b"%PDF-1.7 two", "a.pdf", {}),
        (b"%PDF-1.7 one", "a.jpg", {}),
        (b"%PDF-1.7 one", "a.pdf", {"ocr": True}),
        (b"%PDF-1.7 one", "a.pdf", {"known_names": (NAME,)}),
    ],
    ids=["other content", "other ending", "with OCR", "a name like the one read became known"],
)
def test_what_could_read_otherwise_is_read_anew(
    remembering: ReadContext, data: bytes, name: str, changes: dict[str, object]
) -> None:
    watched = Watched(MemorySpool())
    ask(watched, remembering)

    ask(watched, replace(remembering, **changes), data, name)  # type: ignore[arg-type] # the names are the fields'

    assert watched.times == 2


def test_other_names_that_become_known_cost_no_second_reading(remembering: ReadContext) -> None:
    watched = Watched(MemorySpool())
    ask(watched, replace(remembering, known_names=(NAME,)))

    ask(watched, replace(remembering, known_names=(NAME, "宁波启明液压技术有限公司", "台州光达模具有限公司")))

    assert watched.times == 1


def test_a_name_on_a_seal_counts_as_one_on_the_page(remembering: ReadContext) -> None:
    spool = MemorySpool()
    times = []

    def sealed() -> Look:
        times.append(1)
        return Look("pdf", scan=ScanFacts(1, seals=(Seal(1, Box(0, 0, 1, 1), SLIP),)))

    for known in ((), (NAME,), (NAME, "宁波启明液压技术有限公司")):
        remembered(b"%PDF", "a.pdf", "pdf", spool, replace(remembering, known_names=known), sealed)

    assert len(times) == 2


def test_a_damaged_memory_only_costs_a_second_reading(remembering: ReadContext) -> None:
    watched = Watched(MemorySpool())
    expected = ask(watched, remembering)
    (kept,) = Path(remembering.remembers).glob("*.json")
    kept.write_bytes(b"{}")

    assert ask(watched, remembering) == expected
    assert watched.times == 2


def test_a_file_that_two_mails_bring_is_read_once(remembering: ReadContext, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    word = looking._word

    def counted(data: bytes, name: str, kind: str, spool: Spool, known: ReadContext) -> Look:
        read.append(name)
        return word(data, name, kind, spool, known)

    monkeypatch.setattr(looking, "_word", counted)
    readings = [
        read_message(mail(subject, name), MemorySpool(), remembering)
        for subject, name in (("申报", "推荐表.docx"), ("转发：申报", "转发的推荐表.docx"))
    ]

    assert read == ["推荐表.docx"]
    assert readings[0].leaves[0].look == readings[1].leaves[0].look
    assert readings[0].leaves[0].look is not None


def mail(subject: str, name: str) -> bytes:
    message = EmailMessage()
    message["From"] = "wang@example.cn"
    message["To"] = "cases@example.org"
    message["Subject"] = subject
    message.set_content("您好，材料见附件。")
    message.add_attachment(form_docx(), maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()
