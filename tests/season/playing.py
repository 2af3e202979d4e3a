"""Plays the demo's season through the line on given servers, and puts what came out into comparable form."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from pathlib import Path
from typing import Any

from config.settings import Settings, load_settings
from flows.demo.season import Day, season
from flows.demo.servers import CaughtLetter, DemoServers
from flows.demo.world import demo_environment, import_lists
from flows.steps.cycle import run_cycle
from flows.steps.screens.register import register_values
from flows.steps.workshop import open_workshop

Deliver = Callable[[bytes, datetime], None]


@dataclass
class Played:
    """A season that was played: where it lies, and what came out."""

    settings: Settings
    register: dict[str, Any]
    letters: list[CaughtLetter]


def settings_for(home: Path, servers: DemoServers, **changes: str) -> Settings:
    values = demo_environment(home, servers) | {f"ZHENGJI_{key}": value for key, value in changes.items()}
    return load_settings(values)


def last_letter(letters: list[CaughtLetter], address: str) -> str:
    found = [letter for letter in letters if letter.recipient == address]
    return str(message_from_bytes(found[-1].raw)["Message-ID"]) if found else ""


def play(
    settings: Settings, servers: DemoServers, moment: list[datetime], looks: Path, deliver: Deliver | None = None
) -> Played:
    """Play all days; ``deliver`` puts a mail into the mailbox (the demo's own where none is given)."""
    put: Callable[..., Any] = deliver or servers.letterbox.deliver
    days = season()
    with open_workshop(settings, looks=looks) as shop:
        import_lists(shop, settings.home / "lists", days[0].now)
    for day in days:
        moment[0] = day.now
        for mail in day.mails:
            put(mail.make(lambda address: last_letter(servers.letters, address)), mail.received)
        with open_workshop(settings, looks=looks) as shop:
            run_cycle(shop, day.now)
    return look_back(settings, servers, days[-1])


def look_back(settings: Settings, servers: DemoServers, day: Day) -> Played:
    with open_workshop(settings) as shop:
        register = register_values(shop, day.now)
    return Played(settings, register, list(servers.letters))


def comparable(register: dict[str, Any]) -> dict[str, Any]:
    """Name every hash by its first appearance, and leave out what the processor's own arithmetic decides.

    Archives and Word files are packed by the machine's own zlib and crops are cut where the models saw the seal, so
    hashes, message ids made from them, sizes and crops differ; which file is which, and every word read, does not.
    """
    names: dict[str, str] = {}

    def name(match: re.Match[str]) -> str:
        return names.setdefault(match.group(0), f"hash-{len(names) + 1}")

    def walk(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: ("…" if key in {"size", "crop"} and one else walk(one)) for key, one in value.items()}
        if isinstance(value, list):
            return [walk(one) for one in value]
        if isinstance(value, str):
            value = re.sub(r"\b[0-9a-f]{64}\b|(?<=<)[0-9a-f]{20}(?=@)", name, value)
            return re.sub(r"(zhengji\.[a-z0-9-]+)\.[0-9a-f]+\.[0-9a-z]+", r"\1.…", value)
        return value

    return dict(walk(register))


def letter_texts(letters: list[CaughtLetter]) -> str:
    """Return every letter as a person reads it: recipient, subject, plain text; in the order of their sending."""
    parts = []
    for letter in letters:
        message = message_from_bytes(letter.raw)
        subject = str(make_header(decode_header(message["Subject"])))
        text = next(part for part in message.walk() if part.get_content_type() == "text/plain")
        payload = text.get_payload(decode=True)
        assert isinstance(payload, bytes)
        words = re.sub(r"(?<![\d.])[\d.]+(\s+)[KM]B", r"…\1KB", payload.decode("utf-8").replace("\r\n", "\n"))
        parts.append(f"=== 致 {letter.recipient}\n主题：{subject}\n\n{words}")
    return "\n".join(parts)


def dumps(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
