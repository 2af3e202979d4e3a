from __future__ import annotations

from datetime import UTC, datetime, timedelta

from flows.replies.budget import Attempt, Budgets, next_slot, over_budget

NOW = datetime(2026, 5, 29, 12, 0, tzinfo=UTC)
BUDGETS = Budgets()


def ago(**span: float) -> datetime:
    return NOW - timedelta(**span)


def test_the_first_letter_goes_at_once() -> None:
    assert next_slot([], NOW, BUDGETS) == NOW


def test_letters_keep_their_distance() -> None:
    assert next_slot([ago(seconds=5)], NOW, BUDGETS) == NOW + timedelta(seconds=15)


def test_a_distance_that_has_passed_is_no_wait() -> None:
    assert next_slot([ago(seconds=20)], NOW, BUDGETS) == NOW


def test_the_31st_letter_waits_until_the_first_leaves_the_quarter_of_an_hour() -> None:
    sent = [ago(minutes=14) + timedelta(seconds=20 * number) for number in range(30)]
    assert next_slot(sent, NOW, BUDGETS) == ago(minutes=14) + timedelta(minutes=15)


def test_the_91st_letter_waits_until_the_first_is_a_day_old() -> None:
    sent = [ago(hours=20) + timedelta(minutes=10 * number) for number in range(90)]
    assert next_slot(sent, NOW, BUDGETS) == ago(hours=20) + timedelta(days=1)


def test_more_than_the_limit_in_the_window_waits_for_the_one_that_makes_room() -> None:
    sent = [ago(hours=20) + timedelta(minutes=5 * number) for number in range(95)]
    assert next_slot(sent, NOW, BUDGETS) == sent[5] + timedelta(days=1)


def test_the_fourth_letter_to_an_address_in_a_day_waits_for_staff() -> None:
    sent = [Attempt(ago(hours=number), "A@firm.example") for number in (3, 2, 1)]
    assert over_budget("a@firm.example", None, sent[:2], NOW, BUDGETS) is None
    reason = over_budget("a@firm.example", None, sent, NOW, BUDGETS)
    assert reason == "a@firm.example 在24小时内已收到 3 封回信，达到上限，请经办确认不是自动往返后放行。"


def test_letters_of_yesterday_count_for_the_season_only() -> None:
    sent = [Attempt(ago(days=number), "a@firm.example") for number in range(10, 1, -1)]
    assert over_budget("a@firm.example", None, sent, NOW, BUDGETS) is None
    reason = over_budget("a@firm.example", None, [*sent, Attempt(ago(days=1), "a@firm.example")], NOW, BUDGETS)
    assert reason == "a@firm.example 本期已收到 10 封回信，达到上限，请经办确认后放行。"


def test_letters_to_others_do_not_count() -> None:
    sent = [Attempt(ago(hours=1), "b@firm.example")] * 20
    assert over_budget("a@firm.example", None, sent, NOW, BUDGETS) is None


def test_a_submission_has_a_budget_of_its_own_whoever_it_goes_to() -> None:
    sent = [Attempt(ago(hours=2), "b@firm.example", 7), Attempt(ago(hours=1), "c@firm.example", 7)]
    assert over_budget("a@firm.example", 8, sent, NOW, BUDGETS) is None
    assert over_budget("a@firm.example", 7, sent, NOW, BUDGETS) == (
        "这件申报在24小时内已发出 2 封回信，达到上限，请经办确认后放行。"
    )
