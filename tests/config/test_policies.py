"""Policies: each stands once in the table, is read where the table says, and each choice of it changes something."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from config.call import Call
from config.policies import POLICIES, PolicySpec, decided
from flows.checks.registry import BY_CODE
from flows.checks.run import run_rules
from flows.replies.compose import compose
from flows.replies.decide import decide
from flows.replies.letter import LetterKind
from flows.replies.reminders import ReminderCase, due_reminder
from flows.replies.situation import Intent
from flows.replies.state import ToldLetter
from flows.replies.timing import answer_moment, may_disturb
from parsers.facts.looks import Signature
from store.dossier.dossier import Dossier, Lists, TitleHeld
from store.filing.quotas import RESERVED, QuotaUse, limit_of
from tests.cases.office import Office, quick_store
from tests.cases.story import load_story
from tests.cases.written import letters_text
from tests.checks.dossiers import (
    ZONE,
    cases_2026,
    complete_dossier,
    field,
    form_file,
    key_sme_2025,
    lists,
    photo,
    report,
    scan,
    standing,
    with_fields,
    with_form,
    with_photos,
    with_report,
    without,
)
from tests.replies.test_decide import OTHERS_MAIL, WHOLE, arrival, situation

ROOT = Path(__file__).parents[2]
LATE = datetime(2026, 5, 31, 8, 0, tzinfo=ZONE)
SATURDAY = datetime(2026, 5, 16, 15, 0, tzinfo=ZONE)
Seen = Callable[[Call, Path], Any]
"""What somebody sees under a call: a moment, findings, a decision, letters. The folder is for a store."""


def found(code: str, dossier: Dossier) -> Seen:
    """See what a rule finds."""
    return lambda call, _: run_rules(dossier, replace(call, rules={code: call.rules[code]}))


def letters(story: str) -> Seen:
    """See the letters of a story."""

    def play(call: Call, folder: Path) -> str:
        told = load_story(ROOT / "tests" / "cases" / story)
        values = {key: policy.value for key, policy in call.policies.items() if policy.value != _usual(call, key)}
        store = quick_store(folder)
        office = Office(store, replace(told, policies=values))
        office.play()
        text = letters_text(office)
        store.close()
        return text

    return play


def _usual(call: Call, key: str) -> str:
    return CALLS_BY_ID[call.id].policy(key)


CALLS_BY_ID = {call.id: call for call in (cases_2026(), key_sme_2025())}
NOW_USED = datetime(2026, 5, 6, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
CITY = QuotaUse("N-2", "", "杭州企协", "city", "杭州市", RESERVED, counts=True, received=NOW_USED, listed=True)
RUN_OUT = TitleHeld("省级专精特新中小企业", "称号名单", 3, date(2026, 3, 1), "", date(2026, 5, 7))
REMINDED = ((0, datetime(2026, 5, 8, 9, tzinfo=ZONE)), (1, datetime(2026, 5, 15, 9, tzinfo=ZONE)))
"""A day on which a reminder may be due, and how many were sent before."""


def reminded(times: int) -> ReminderCase:
    """A case that was asked on 5 May and reminded so many times, the first time on the 8th."""
    day = datetime(2026, 5, 5, 9, tzinfo=ZONE)
    asked = ToldLetter(1, LetterKind.DEFICIENT, "sent", "a-b", "a@example.com", day)
    later = (replace(asked, row=2 + n, kind=LetterKind.REMIND_OPEN, state_key=f"a-b+{3 + n}") for n in range(times))
    told = (asked, *(replace(one, at=day + timedelta(days=3)) for one in later))
    return ReminderCase("submission:AL2026-0001", "a@example.com", (("F03", ""),), day, told)


SEEN: dict[str, Seen] = {
    "issuer_name": lambda call, _: compose(LetterKind.RECEIVED, WHOLE, (), call, SATURDAY).text,
    "deadline_moment": lambda call, _: call.window.closes,
    "last_day": lambda call, _: call.window.closes,
    "late_mail": found("S01", complete_dossier(first_received=LATE, files=(form_file(received=LATE),))),
    "late_supplement": found("S01", complete_dossier(files=(form_file(), photo(2, received=LATE)))),
    "expired_title": found("Q01", complete_dossier(lists=lists(titles=(RUN_OUT,)))),
    "quota_per": lambda call, _: limit_of(call, CITY),
    "over_quota": found("Q02", complete_dossier(lists=lists(recommender=standing(rank=4, used=4)))),
    "under_quota": letters("two-routes/in-a-bundle-and-on-its-own"),
    "member_recommended": found("Q02", complete_dossier()),
    "blank_recommender": found("F06", replace(with_fields(recommender=field("")), lists=Lists())),
    "more_than_three_photos": found("P01", with_photos(photo(1), photo(2), photo(3), photo(4))),
    "photos_in_report": found("P01", without("photos")),
    "paper_deadline": found("N01", complete_dossier()),
    "scan_as_picture": found("F02", with_form(type="jpeg")),
    "e_seal_counts": found("F03", with_form(scan(seals=(), signatures=(Signature("S", covers_whole_file=True),)))),
    "old_word_formats": found("R02", with_report(report(format="wps"), type="wps")),
    "second_case": found("S04", complete_dossier(second_case_of="AL2026-0007")),
    "weekend_letters": lambda call, _: answer_moment(SATURDAY, call),
    "reminders_on_rest_days": lambda call, _: may_disturb(SATURDAY, call),
    "reminders_per_item": lambda call, _: [due_reminder(reminded(n), call, at) is not None for n, at in REMINDED],
    "tell_firm_contacts": letters("bundle-and-contacts/only-the-recommender-is-answered"),
    "inquiry_reply": lambda call, _: decide(situation(None, call=call, mail=arrival(intent=Intent.QUESTION))),
    "unauthenticated_reply": lambda call, _: (
        decide(situation(WHOLE, call=call)),
        decide(situation(OTHERS_MAIL, call=call)),
    ),
}
"""One experiment for each policy: what somebody sees that its choices decide."""


def asking(spec: PolicySpec) -> Call:
    """A call that asks this question."""
    return next(call for call in CALLS_BY_ID.values() if call.policies[spec.key].asked)


def test_every_policy_has_an_experiment() -> None:
    assert set(SEEN) == {spec.key for spec in POLICIES}


@pytest.mark.parametrize("spec", POLICIES, ids=lambda spec: spec.key)
def test_each_choice_of_a_policy_changes_what_somebody_sees(spec: PolicySpec, tmp_path: Path) -> None:
    call = asking(spec)
    seen = []
    for number, value in enumerate(call.policies[spec.key].choices):
        other = decided(call, {spec.key: value})
        assert other.policy(spec.key) == value
        seen.append(SEEN[spec.key](other, tmp_path / str(number)))
    assert len(seen) >= 2, "one choice is none"
    assert [one for number, one in enumerate(seen) if one in seen[:number]] == []


def test_each_policy_is_read_where_the_table_says_and_nowhere_else() -> None:
    files = [path for room in ("config", "parsers", "store", "flows") for path in (ROOT / room).rglob("*.py")]
    texts = {".".join(path.relative_to(ROOT).with_suffix("").parts): path.read_text("utf-8") for path in files}
    reading = {
        spec.key: tuple(sorted(name for name, text in texts.items() if f'policy("{spec.key}")' in text))
        for spec in POLICIES
    }
    assert reading == {spec.key: tuple(sorted(spec.readers)) for spec in POLICIES}


def test_a_policy_that_rules_read_names_the_rules_there_are() -> None:
    for spec in POLICIES:
        assert callable(spec.choices) or spec.default in spec.choices
        for name in spec.readers:
            module = import_module(name)
            if name.startswith("flows.checks."):
                assert BY_CODE[module.RULE.code] is module.RULE
                assert module.RULE.code == name.split(".")[-1].split("_")[0].upper()
