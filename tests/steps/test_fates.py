"""What becomes of a mail: newsletters are listed, applications with every odd header and folder are filed or tasks."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases.office import quick_store
from tests.seasons_by_others.judging import Judge
from tests.seasons_by_others.playing import Playing
from tests.seasons_by_others.told import Season, all_seasons

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

MARKS = (
    ("X-Auto-Response-Suppress", "All"), ("List-Id", "<a.b.example>"), ("Precedence", "bulk"), ("Feedback-ID", "1:2"),
    ("List-Unsubscribe", "<mailto:u@b.example>"), ("Auto-Submitted", "auto-generated"), ("Return-Path", "<>"),
    ("Resent-From", "zjzjtxqycjfh@163.com"), ("X-MS-Exchange-Inbox-Rules-Loop", "a@b.example"),
    ("Sender", "zjzjtxqycjfh@163.com"),
)  # fmt: skip


@pytest.mark.parametrize("name", ["01-agents", "07-oa-exchange", "09-questions"])
@pytest.mark.parametrize("mark", MARKS, ids=lambda mark: mark[0])
def test_a_machines_mark_on_every_mail_hides_no_application(tmp_path: Path, name: str, mark: tuple[str, str]) -> None:
    season = next(one for one in all_seasons() if one.name == name)
    with_mark = f"{mark[0]}: {mark[1]}\r\n".encode()
    store = quick_store(tmp_path)
    playing = Playing(store, season, alter=lambda _place, raw: with_mark + raw)
    playing.play()
    assert playing.faults() == []
    assert _lost(playing, season) == []
    store.close()


def _lost(playing: Playing, season: Season) -> list[str]:
    """Name the mails that bring somebody's form and that nobody sees."""
    judge = Judge(playing)
    lost = []
    for place, mail in enumerate(season.mails, 1):
        row = judge.mails[playing.hashes[place]]
        brings = any(one.make in {"form", "zip"} for one in mail.files)
        if brings and row["kind"] not in {"submission", "supplement", "inquiry"}:
            lost.append(f"{place}: {row['kind']} {row['reason']}")
    return lost
