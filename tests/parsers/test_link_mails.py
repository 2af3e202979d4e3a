"""Mails whose files stand behind a link, and mails whose links are none of ours: 147 of them, by another hand.

``links.toml`` was written without a look at the code. Where our provider's name is another word for the same thing the
words need only share a piece of it.
"""

from __future__ import annotations

import io
import tomllib
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import docx
import pytest

from parsers.facts.leaf import Role
from parsers.facts.mails import CloudLink, Intent, MailReading
from parsers.facts.spool import MemorySpool
from parsers.read import read_message
from tests.parsers.containers.world import context

MAILS = tomllib.loads(Path(__file__).with_name("links.toml").read_text(encoding="utf-8"))["mail"]
NOT_SEEN = {"qr-image": "only a picture leads there, and the words name it"}


def written(case: dict[str, Any]) -> EmailMessage:
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = "li@firm.example", "<1@firm.example>"
    where, text = case["where"], case["text"]
    mail["Subject"] = text.replace("\n", " ") if where == "subject" else "申报材料"
    if case["kind"] == "quoted-ours":
        mail["In-Reply-To"] = "<2@office.example>"
    mail.set_content("您好，请查收。" if where in {"attached-txt", "url-file", "docx", "subject", "html"} else text)
    if where == "html":
        mail.set_content(text, subtype="html")
    elif where in {"attached-txt", "url-file"}:
        mail.add_attachment(text.encode(), "application", "octet-stream", filename=case["name"])
    elif where == "docx":
        paper, out = docx.Document(), io.BytesIO()
        paper.add_paragraph(text)
        paper.save(out)
        mail.add_attachment(out.getvalue(), "application", "octet-stream", filename=case["name"])
    return mail


def read(mail: EmailMessage) -> MailReading:
    return read_message(mail.as_bytes(), MemorySpool(), context())


def plain(url: str) -> str:
    return url.removeprefix("https://").removeprefix("http://").rstrip("#")


@pytest.mark.parametrize("case", [one for one in MAILS if one["is_material_link"]], ids=lambda one: one["id"])
def test_what_stands_behind_a_link_is_seen(case: dict[str, Any]) -> None:
    reading = read(written(case))
    wanted = [case["link"], *case.get("links", [])]
    if case["link"] == "none" or "小程序" in case["link"]:
        assert reading.links or case["where"] in NOT_SEEN
        return
    found = {plain(link.url): link for link in reading.links}
    assert set(map(plain, wanted)) <= set(found)
    link = found[plain(case["link"])]
    assert link.code == case.get("code", "")
    if case.get("expires", "never") != "never":
        assert link.expires is not None
        assert f"{link.expires:%Y-%m-%d}" == case["expires"]
    assert reading.intent is Intent.MATERIALS


@pytest.mark.parametrize("case", [one for one in MAILS if not one["is_material_link"]], ids=lambda one: one["id"])
def test_other_links_are_left_alone(case: dict[str, Any]) -> None:
    assert read(written(case)).links == ()


def test_a_mail_that_is_mainly_an_unknown_link_is_neither_thanks_nor_irrelevant() -> None:
    mail = EmailMessage()
    mail["From"], mail["Subject"] = "li@firm.example", "你好"
    mail.set_content("谢谢！ https://x7.example/a/b9")
    reading = read(mail)
    assert reading.links == (CloudLink("https://x7.example/a/b9", "未识别网址"),)
    assert reading.intent is Intent.MATERIALS


@pytest.mark.parametrize("name", ["申报材料.url", "申报材料.webloc", "申报材料.desktop"])
def test_a_shortcut_is_unreadable_and_its_address_told(name: str) -> None:
    text = {
        "url": "[InternetShortcut]\r\nURL=https://intra.firm.example/x\r\n",
        "webloc": '<?xml version="1.0"?><plist><dict><key>URL</key><string>https://intra.firm.example/x</string></dict>',
        "desktop": "[Desktop Entry]\nType=Link\nURL=https://intra.firm.example/x\n",
    }[name.rpartition(".")[2]]
    mail = EmailMessage()
    mail["From"] = "li@firm.example"
    mail.add_attachment(text.encode(), "application", "octet-stream", filename=name)
    reading = read(mail)
    assert [(leaf.leaf.type, leaf.role) for leaf in reading.leaves] == [("lnk", Role.UNREADABLE)]
    assert reading.links == (CloudLink("https://intra.firm.example/x", "未识别网址"),)
