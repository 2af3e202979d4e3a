"""A thousand submissions at the desk: seconds for the digest, for the pages, for the register; sizes.

The rows are written straight through the store (no mail is read): submissions with findings as the rules give them,
letters, files, journal. One run prints one table; the digest's own minute is the promise of issue 9.

    python bench/desk.py [COUNT]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from config.call import Call
from config.settings import load_settings
from flows.replies.letter import Letter, LetterKind
from flows.steps.answer import post
from flows.steps.digest import make_digest
from flows.steps.screens.pages import PageToMake, pages
from flows.steps.screens.register import register_values, write_register
from flows.steps.workshop import Workshop, open_workshop
from parsers.facts.leaf import Role
from store import journal
from store.engine import Transaction
from store.filing.submissions import link_message, open_submission
from store.letters import outbox
from store.mails.messages import Arrival, Place, folder_row, note_arrival
from store.tables import ApplicantRow, FindingRow, LeafRow, MessageRow, VersionRow

ZONE = ZoneInfo("Asia/Shanghai")
START = datetime(2026, 4, 1, 9, 0, tzinfo=ZONE)
NOW = datetime(2026, 5, 29, 8, 30, tzinfo=ZONE)
BODIES = 60
FILES = (
    ("form", Role.FORM, "推荐表.pdf"),
    ("report", Role.REPORT, "案例报告.docx"),
    ("photos", Role.PHOTO, "车间.jpg"),
)
STATUSES = ("complete", "complete", "complete", "incomplete", "doubtful")


def fill(shop: Workshop, count: int) -> None:
    """Write the season: arrivals spread over the weeks, every fifth case in doubt, every fifth short of something."""
    for first in range(0, count, 200):
        with shop.store.transaction() as session:
            for index in range(first, min(first + 200, count)):
                at = START + (NOW - START) * index / count
                one_submission(shop, session, index, at)
    with shop.store.transaction() as session:
        row = folder_row(session, "u@163.example", "INBOX")
        row.uidvalidity, row.server_count, row.last_polled, row.last_reconciled = 1, count, NOW, NOW
        session.add(row)


def one_submission(shop: Workshop, session: Transaction, index: int, at: datetime) -> None:
    firm = f"浙江第{index:04d}号精密机械有限公司"
    status = STATUSES[index % len(STATUSES)]
    mail = f"{index:064x}"
    place = Place("u@163.example", "INBOX", 1, index + 1)
    note_arrival(session, Arrival(place, mail, 400_000, at, junk=False, before_call=False, fingerprint=f"{index}"), at)
    message = session.get(MessageRow, mail)
    assert message is not None
    message.state, message.kind, message.subject = "examined", "submission", f"{firm}申报材料"
    message.sender_address, message.sender_name = f"firm{index}@mail.example", firm[:8]
    message.reading = {"text": f"附件为材料。联系人：王五 1380571{index:04d}", "signature": "", "links": []}
    applicant = ApplicantRow(name=firm, normal_name=firm)
    session.add(applicant)
    session.flush()
    body = f"浙江省第{index % BODIES:02d}行业协会"
    row = open_submission(session, shop.call, applicant.id or 0, received=at, recommender=body)
    row.status = status
    link_message(session, row, message, relation="opens", basis="new")
    about = f"submission:{row.number}"
    journal.write(session, at, journal.SYSTEM, "opened", about, f"新立一件：{firm}。")
    files(session, row.id or 0, mail, index)
    findings(session, shop.call, row.id or 0, status)
    journal.write(session, at, journal.SYSTEM, "reviewed", about, "审核完毕：通过 20 项，提示 1 项。")
    letter(shop, session, row, status, firm, at)
    journal.write(session, at, journal.SYSTEM, "decided", about, "已作出决定。", {"status": status})


def files(session: Transaction, submission_id: int, mail: str, index: int) -> None:
    for position, (material, role, name) in enumerate(FILES):
        leaf = LeafRow(message=mail, position=position, name=name, path=name, sha256=f"{index * 3 + position:064x}")
        leaf.role, leaf.size = role.value, 100_000
        session.add(leaf)
        session.flush()
        session.add(VersionRow(submission_id=submission_id, leaf_id=leaf.id or 0, material=material, state="current"))


def findings(session: Transaction, call: Call, submission_id: int, status: str) -> None:
    bad = {"incomplete": ("P01", "缺失"), "doubtful": ("F03", "存疑")}.get(status, ("", ""))
    for position, code in enumerate(call.rules):
        verdict = bad[1] if code == bad[0] else "提示" if code == "N01" else "通过"
        message = (
            f"{call.rules[code].name}：{'不同的照片只有 1 张，应为 2-3 张。' if verdict == '缺失' else '见依据。'}"
        )
        evidence = [{"file": "推荐表.pdf", "place": "第 1 页", "words": "依据文字", "crop": ""}]
        finding = {"code": code, "verdict": verdict, "message": message, "evidence": evidence}
        session.add(
            FindingRow(submission_id=submission_id, position=position, code=code, verdict=verdict, finding=finding)
        )


def letter(shop: Workshop, session: Transaction, row: Any, status: str, firm: str, at: datetime) -> None:
    kind = LetterKind.DEFICIENT if status == "incomplete" else LetterKind.RECEIVED
    words = f"{firm}：材料收讫。\n" * 40
    made = Letter(
        kind, firm, f"firm{row.serial}@mail.example", f"【收讫】{row.number} {firm}", words, f"<p>{words}</p>"
    )
    place = post.Place(f"submission:{row.number}", status, row.number, row.id)
    number = post.enqueue(shop, session, made, place, at, reason="材料齐全。") or 0
    assert outbox.claim(session, number, "bench", at)
    outbox.settle(session, number, "bench", at, state="sent", outcome="accepted", answer="250 OK")


def timed(what: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    result = what()
    return time.perf_counter() - begun, result


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "data"
        env = {"ZHENGJI_HOME": str(home), "ZHENGJI_IMAP_USER": "u@163.example", "ZHENGJI_SECRET": "bench-0123456789abc"}
        with open_workshop(load_settings(env), ocr=False) as shop:
            filling, _ = timed(lambda: fill(shop, count))
            rows: list[tuple[str, float, str]] = [("rows written", filling, f"{count} submissions")]
            seconds, values = timed(lambda: register_values(shop, NOW))
            rows.append(("register read", seconds, f"{len(values['submissions'])} rows"))
            path = home / "register.xlsx"
            seconds, _ = timed(lambda: write_register(shop, path, NOW))
            rows.append(("register as xlsx", seconds, f"{path.stat().st_size / 1e3:.0f} KB"))
            seconds, first = timed(lambda: make_digest(shop, NOW))
            size = sum(len(one.data) for one in first.attachments)
            rows.append(
                ("digest, first", seconds, f"html {len(first.html.encode()) / 1e3:.0f} KB, files {size / 1e3:.0f} KB")
            )
            seconds, _ = timed(lambda: make_digest(shop, NOW + timedelta(minutes=1)))
            rows.append(("digest, again", seconds, ""))
            seconds, found = timed(lambda: pages(shop, NOW))
            rows.append(("pages: fingerprints", seconds, f"{len(found)} pages"))
            rows += [page_row(one) for one in found if one.key in {"register", "todo", "health"}]
            dossiers = [one for one in found if one.key.startswith("dossier-")]
            seconds, made = timed(lambda: [one.make() for one in dossiers])
            largest = max(len(one.markdown.encode()) for one in made)
            rows.append(("pages: all dossiers", seconds, f"largest {largest / 1e3:.1f} KB (no pictures)"))
    for name, seconds, note in rows:
        print(f"{name:24s}{seconds:9.2f} s   {note}")


def page_row(page: PageToMake) -> tuple[str, float, str]:
    seconds, made = timed(page.make)
    return f"page: {page.key}", seconds, f"{len(made.markdown.encode()) / 1e3:.0f} KB"


if __name__ == "__main__":
    main()
