"""What staff see before they release a letter: its words, and what it says otherwise than the last one."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from flows.replies.compose import compose
from flows.replies.letter import Letter, LetterKind
from flows.replies.mime import to_bytes
from flows.replies.preview import Preview, difference, read_letter
from flows.steps.screens.preview import held_letters
from store.engine import Store
from store.filing.submissions import by_number
from store.letters import outbox
from tests.checks.dossiers import ZONE, cases_2026, complete_dossier
from tests.replies import findings as f
from tests.replies.season import add_submission, ask
from tests.replies.situations import NOW, asked_for
from tests.store.blank import blank_store


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = blank_store(tmp_path / "home")
    yield opened
    opened.close()


def letter(*found: f.Finding, **more: object) -> Letter:
    return compose(LetterKind.DEFICIENT, complete_dossier(), found, cases_2026(), NOW, **more)  # type: ignore[arg-type]


def preview(made: Letter) -> Preview:
    raw = to_bytes(
        made, sender="a@example.org", sender_name="分会", message_id="<m@example.org>", date=NOW, instance_id="zj"
    )
    return read_letter(raw)


def test_a_frozen_letter_reads_as_it_was_written() -> None:
    made = letter(f.NO_SEAL)
    assert preview(made) == Preview(made.subject, made.text)


def test_the_difference_names_what_is_settled_and_what_is_new() -> None:
    before = preview(letter(f.NO_SEAL, f.NO_PHOTOS))
    now = preview(letter(f.NO_SEAL, previous=asked_for(f.NO_SEAL, f.NO_PHOTOS)))
    changes = difference(before, now)
    assert "－ ■ 请补正：尚有 2 项材料待补正5月30日24时截止，还有 22 天" in changes
    assert "＋ ■ 请补正：尚有 1 项材料待补正5月30日24时截止，还有 22 天" in changes
    assert "－ 2. 没有收到照片" in changes
    assert "＋ · 照片张数" in changes
    assert not any("您的来信" in line or "截止时间" in line or "推荐表.pdf" in line for line in changes)


def test_the_same_letter_has_no_difference() -> None:
    assert difference(preview(letter(f.NO_SEAL)), preview(letter(f.NO_SEAL))) == ()


def test_waiting_letters_are_shown_with_the_one_that_left_before(store: Store) -> None:
    monday = datetime(2026, 5, 11, 9, tzinfo=ZONE)
    number = add_submission(store, "杭州甲机械有限公司", monday, "one@example.com")
    ask(store, number, monday)
    assert held_letters(store) == ()
    with store.transaction() as session:
        row = by_number(session, number)
        assert row is not None
        outbox.queue(
            session,
            subject_key=f"submission:{number}",
            kind="completed",
            state_key="k",
            raw=to_bytes(
                compose(LetterKind.COMPLETED, complete_dossier(), (), cases_2026(), NOW),
                sender="a@example.org",
                sender_name="分会",
                message_id="<n@example.org>",
                date=NOW,
                instance_id="zj",
            ),
            message_id="<n@example.org>",
            to_address="one@example.com",
            submission_id=row.id,
            state="held",
            state_reason="补正信待放行。",
            now=monday,
        )
    (held,) = held_letters(store)
    assert (held.name, held.to_address, held.why) == ("补正完成", "one@example.com", "补正信待放行。")
    assert held.before.startswith("【请补正】")
    assert "＋ ■ 无需操作：需要补正的已全部补齐" in held.changes
    assert held.lines()[3] == f"与上一封（{held.before}）相比："
    assert "需要补正的已全部补齐" in "\n".join(held.lines())
