"""One submission for a terminal (单件查看): materials, findings with evidence, letters, journal."""

from __future__ import annotations

from datetime import datetime

import click

from flows.replies.letter import LETTER_NAMES, LetterKind
from flows.steps.screens.preview import words_of
from flows.steps.screens.register import LETTER_STATES, register_values
from flows.steps.workshop import Workshop
from store import journal
from store.engine import Transaction
from store.tables import LetterRow
from store.views.overview import letters_by_submission, waiting_files
from store.views.shelf import STATUS_NAMES


def _letter_lines(session: Transaction, letter: LetterRow) -> list[str]:
    """Say what became of a letter, and its words as its reader has them."""
    name = LETTER_NAMES[LetterKind(letter.kind)]
    state = LETTER_STATES.get(letter.state, letter.state)
    head = f"  {name}（{state}）→ {letter.to_address}  {letter.subject}"
    return [head, *(f"    | {line}".rstrip() for line in words_of(session, letter).text.splitlines())]


def show_submission(shop: Workshop, number: str, now: datetime) -> list[str]:
    """Return everything about one submission as lines; a usage error where the call has no such number."""
    values = register_values(shop, now)
    row = next((one for one in values["submissions"] if one["number"] == number.strip().upper()), None)
    if row is None:
        message = f"没有受理编号 {number}；全部编号见 zhengji register。"
        raise click.UsageError(message)
    lines = [
        f"{row['number']}  {row['applicant'] or '（单位待核实）'}  {STATUS_NAMES.get(row['status'], row['status'])}"
    ]
    lines += [
        f"推荐单位：{row['recommender'] or '—'}",
        f"首次收到：{row['first_received']}  最近收到：{row['last_received']}",
    ]
    lines += ["", "材料"]
    for key, files in row["materials"].items():
        name = shop.call.material(key).name
        lines += [f"  {name}：{file['path']}{'' if file['current'] else '（非现行）'}" for file in files] or [
            f"  {name}：—"
        ]
    lines += ["", "结论"]
    for finding in row["findings"]:
        lines.append(f"  {finding['code']} {finding['verdict']}  {finding['message']}")
        lines += [
            f"      依据：{' '.join(filter(None, (e['file'], e['place'], e['words'])))}" for e in finding["evidence"]
        ]
    zone = shop.call.window.timezone
    with shop.store.reading() as session:
        waiting = [one for one in waiting_files(session, shop.call.id) if one.number == row["number"]]
        lines += ["", "待定文件"] if waiting else []
        for one in waiting:
            lines.append(f"  {one.name}：{one.sender} {one.received.astimezone(zone):%m-%d %H:%M} 发来。{one.reason}")
        lines += ["", "回信"]
        for letter in letters_by_submission(session, shop.call.id).get(row["number"], []):
            lines += _letter_lines(session, letter)
        lines += ["", "流水"]
        for entry in journal.read(session, f"submission:{row['number']}"):
            lines.append(f"  {entry.at.astimezone(zone):%m-%d %H:%M}  {entry.actor}  {entry.sentence}")
    return lines
