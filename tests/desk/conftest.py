"""A small office for the desk: three submissions, read once without OCR, copied for each test."""

from __future__ import annotations

import io
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from config.settings import load_settings
from flows.demo.digital import make_text_form
from flows.demo.form_words import FormWords
from flows.demo.papers import make_photo
from flows.demo.posting import Draft, Enclosure, post
from flows.demo.reports import ReportWords, make_report
from flows.steps.answer.answer import answer_due
from flows.steps.filing.examine import examine, take_next
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop, open_workshop
from store.mails.messages import Arrival, Place, note_arrival

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 5, 20, 10, 0, tzinfo=SHANGHAI)
FIRST, SECOND, LATE = "浙江甲川精密机械有限公司", "杭州乙木仪器有限公司", "宁波丙山液压有限公司"


def form(firm: str) -> Enclosure:
    words = FormWords(f"{firm[2:4]}的成长路径", firm, "浙江省轴承工业协会", "2026年5月11日")
    return Enclosure(f"{firm}推荐表.pdf", make_text_form(words), "application/pdf")


def report(firm: str, seed: int) -> Enclosure:
    words = ReportWords(title=f"{firm[2:4]}的成长路径", company=firm)
    return Enclosure(f"{firm}案例报告.docx", make_report(words, seed=seed))


def located(jpeg: bytes) -> bytes:
    """The photo as a telephone takes it: with the place in its EXIF."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 8.0), 3: "E", 4: (120.0, 9.0, 36.0)})
    out = io.BytesIO()
    Image.open(io.BytesIO(jpeg)).save(out, "JPEG", exif=exif, quality=88)
    return out.getvalue()


def mail(sender: str, firm: str, at: datetime, *files: Enclosure, text: str = "申报材料见附件。\n") -> bytes:
    return post(Draft(firm[:4], sender, f"{firm}优秀案例申报材料", text, at, files))


def take_in(shop: Workshop, raw: bytes, received: datetime, uid: int) -> str:
    sha256 = shop.store.blobs.put(raw)
    with shop.store.transaction() as session:
        place = Place("u@163.example", "INBOX", 1, uid)
        note_arrival(session, Arrival(place, sha256, len(raw), received, False, False, f"{uid}"), received)
    return sha256


def work(shop: Workshop, now: datetime) -> None:
    while taken := take_next(shop, now):
        examine(shop, taken, now)
    answer_due(shop, now)


@pytest.fixture(scope="session")
def office(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("office") / "data"
    photos = [
        Enclosure(f"{name}.jpg", located(make_photo(seed, 1200, 900)))
        for seed, name in enumerate(("车间全景", "检测现场"))
    ]
    with open_workshop(settings_of(home), ocr=False) as shop:
        early = NOW - timedelta(days=2)
        take_in(shop, mail("a@jia.example", FIRST, early, form(FIRST), report(FIRST, 1), *photos), early, 1)
        take_in(shop, mail("b@yi.example", SECOND, early, form(SECOND), report(SECOND, 2)), early, 2)
        work(shop, NOW)
        # Somebody else sends another report for the first firm: it waits for staff.
        stranger = mail("who@else.example", FIRST, NOW, report(FIRST, 9), text="补交案例报告。\n")
        take_in(shop, stranger, NOW, 3)
        late = datetime(2026, 5, 31, 8, 0, tzinfo=SHANGHAI)
        take_in(shop, mail("c@bing.example", LATE, late, form(LATE), report(LATE, 3)), late, 4)
        work(shop, late + timedelta(hours=2))
    return home


def settings_of(home: Path):
    return load_settings(
        {
            "ZHENGJI_HOME": str(home),
            "ZHENGJI_IMAP_USER": "zjzjtxqycjfh@163.com",
            "ZHENGJI_SECRET": "for-tests-only-0123456789",
            "ZHENGJI_SETTLE_MINUTES": "30",
            "ZHENGJI_REPLY_MODE": "approve",
        }
    )


@pytest.fixture
def shop(office: Path, tmp_path: Path) -> Iterator[Workshop]:
    home = tmp_path / "data"
    shutil.copytree(office, home)
    with open_workshop(settings_of(home), ocr=False) as opened:
        yield opened


@pytest.fixture
def number(shop: Workshop) -> Callable[[str], str]:
    def find(firm: str) -> str:
        rows = register_values(shop, NOW)["submissions"]
        return next(row["number"] for row in rows if row["applicant"] == firm)

    return find
