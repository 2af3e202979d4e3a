"""The decision table, row by row, and what it promises over several mails in a row."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from config.call import Verdict
from flows.replies import decide as table
from flows.replies.compose import compose
from flows.replies.decide import Action, Arrival, Decision, PlannedLetter, Situation, decide, reply_address
from flows.replies.letter import LetterKind, Told
from flows.replies.state import FIRST_RECEIPT, ToldLetter, state_key
from parsers.facts.leaf import Role
from parsers.facts.mails import Address, AuthVerdict, CloudLink, Intent, MailReading
from store.dossier.dossier import Dossier, FiledFile, PaperReceipt
from store.dossier.finding import Finding
from store.states import LetterState, VersionState
from tests.checks.dossiers import ZONE, cases_2026, complete_dossier, filed, mail, with_policy, without
from tests.replies import findings as f

K, A = LetterKind, Action
NOW = datetime(2026, 5, 8, 10, 0, tzinfo=ZONE)
LATER = NOW + timedelta(minutes=10)
SENDER = Address("办公室", "office@example.com")
WHOLE = complete_dossier()
LACKING = without("photos")


def arrival(**changes: Any) -> Arrival:
    return replace(Arrival("a" * 64, SENDER, Intent.MATERIALS), **changes)


def situation(dossier: Dossier | None = WHOLE, *found: Finding, **changes: Any) -> Situation:
    made = Situation(cases_2026(), NOW, arrival(), dossier, found)
    return replace(made, **changes)


def told(kind: LetterKind, dossier: Dossier, *found: Finding, **changes: Any) -> ToldLetter:
    said = tuple(Told(x.code, x.item, x.verdict.value, x.defect) for x in found)
    made = ToldLetter(1, kind, "sent", state_key(dossier, found), SENDER.address, NOW - timedelta(hours=1), said)
    return replace(made, **changes)


def first_receipt(**changes: Any) -> ToldLetter:
    return replace(told(K.RECEIVED_CHECKING, WHOLE, state_key=FIRST_RECEIPT, row=1), **changes)


def gist(decision: Decision) -> tuple[Action, tuple[LetterKind, ...], bool]:
    return decision.action, tuple(x.kind for x in decision.letters), any(x.hold for x in decision.letters)


LATE_DOSSIER = complete_dossier(
    mails=(mail(on_time=False),),
    first_received=datetime(2026, 5, 31, 0, 5, tzinfo=ZONE),
    last_received=datetime(2026, 5, 31, 0, 5, tzinfo=ZONE),
)
EARLY_DOSSIER = complete_dossier(first_received=datetime(2026, 3, 15, 9, tzinfo=ZONE))
LOCKED_DOSSIER = complete_dossier(files=(filed("材料.rar", role=Role.UNREADABLE, type="rar"),))
LINK_DOSSIER = complete_dossier(files=(), links=(CloudLink("https://pan.baidu.com/s/1", "百度网盘"),))
OTHERS_MAIL = complete_dossier(mails=(mail(sender_address="boss@example.com"), mail(sha256="a" * 64)))


@pytest.mark.parametrize(
    ("case", "expected", "status"),
    [
        (situation(mail=arrival(machine="自动回复", intent=Intent.MACHINE)), (A.SILENT, (), False), "complete"),
        (situation(mail=arrival(machine="群发邮件")), (A.SILENT, (), False), "complete"),
        (situation(None, mail=arrival(intent=Intent.BOUNCE)), (A.SILENT, (), False), None),
        (situation(None, mail=arrival(intent=Intent.ADVERT)), (A.SILENT, (), False), None),
        (situation(None, mail=arrival(intent=Intent.IRRELEVANT)), (A.SILENT, (), False), None),
        (situation(LACKING, f.NO_PHOTOS, mail=arrival(before_call=True)), (A.SILENT, (), False), "incomplete"),
        (situation(LACKING, f.NO_PHOTOS, mail=arrival(junk=True)), (A.SILENT, (), False), "incomplete"),
        (situation(mail=arrival(authentication=AuthVerdict.FAIL)), (A.HOLD, (K.MINIMAL,), False), "complete"),
        (situation(LACKING, f.NO_PHOTOS, mail=arrival(stranger=True)), (A.HOLD, (K.MINIMAL,), False), "incomplete"),
        (situation(None, mail=arrival(intent=Intent.TEMPLATES)), (A.ACKNOWLEDGE, (K.TEMPLATES,), False), None),
        (situation(None, mail=arrival(intent=Intent.QUESTION)), (A.ACKNOWLEDGE, (K.INQUIRY,), False), None),
        (situation(mail=arrival(intent=Intent.QUESTION)), (A.ACKNOWLEDGE, (K.INQUIRY,), False), "complete"),
        (situation(complete_dossier(withdrawn=True)), (A.ACKNOWLEDGE, (K.WITHDRAWN,), False), "withdrawn"),
        (situation(mail=arrival(intent=Intent.WITHDRAWAL)), (A.HOLD, (), False), "complete"),
        (situation(None, mail=arrival(intent=Intent.WITHDRAWAL)), (A.HOLD, (K.MINIMAL,), False), None),
        (situation(LACKING, f.NO_PHOTOS, mail=arrival(intent=Intent.THANKS)), (A.SILENT, (), False), "incomplete"),
        (situation(None, bundle=True), (A.ACKNOWLEDGE, (K.BUNDLE,), False), None),
        (situation(LACKING, f.NO_PHOTOS, bundle=True), (A.SILENT, (), False), "incomplete"),
        (situation(None), (A.HOLD, (K.MINIMAL,), False), None),
        (situation(LATE_DOSSIER, f.LATE, f.NO_SEAL), (A.HOLD, (K.LATE,), True), "late"),
        (situation(EARLY_DOSSIER, f.LATE), (A.ACKNOWLEDGE, (K.RECEIVED_CHECKING,), False), "doubtful"),
        (situation(OTHERS_MAIL), (A.HOLD, (K.MINIMAL,), False), "complete"),
        (situation(LACKING, f.NO_PHOTOS), (A.ASK, (K.DEFICIENT,), False), "incomplete"),
        (situation(LACKING, f.NO_PHOTOS, approve=True), (A.ASK, (K.DEFICIENT,), True), "incomplete"),
        (situation(LOCKED_DOSSIER, f.LOCKED), (A.ASK, (K.UNREADABLE,), False), "incomplete"),
        (situation(LINK_DOSSIER, f.CLOUD), (A.ASK, (K.CLOUD_LINK,), False), "incomplete"),
        (situation(WHOLE, f.TITLE_UNKNOWN, f.PAPER), (A.ACKNOWLEDGE, (K.RECEIVED_CHECKING,), False), "doubtful"),
        (situation(WHOLE, f.SHORT, f.PAPER), (A.ACKNOWLEDGE, (K.RECEIVED,), False), "complete"),
        (situation(WHOLE, approve=True), (A.ACKNOWLEDGE, (K.RECEIVED,), False), "complete"),
        (situation(WHOLE, mail=None), (A.ACKNOWLEDGE, (K.RECEIVED,), False), "complete"),
        (situation(None, mail=None), (A.SILENT, (), False), None),
    ],
)
def test_each_situation_gets_what_the_table_says(
    case: Situation, expected: tuple[Action, tuple[LetterKind, ...], bool], status: str | None
) -> None:
    decision = decide(case)
    assert gist(decision) == expected
    assert decision.status == status
    assert decision.reason.endswith("。") or decision.reason in {"自动回复", "群发邮件"}


def test_every_row_of_the_table_stands_in_the_docstring() -> None:
    assert table.__doc__ is not None
    for row in table.TABLE[:-1]:
        assert f"| {row.name}" in table.__doc__, row.name


def test_a_planned_letter_says_to_whom_about_what_and_when() -> None:
    decision = decide(situation(LACKING, f.NO_PHOTOS))
    key = state_key(LACKING, (f.NO_PHOTOS,))
    assert decision.letters == (
        PlannedLetter(
            K.DEFICIENT,
            SENDER,
            NOW,
            hold=False,
            reason="有 1 项缺失，发补正通知。",
            subject_key="submission:AL2026-0042",
            state_key=key,
            first=True,
        ),
    )


def test_first_mail_with_defects_gets_a_receipt_at_once_and_one_letter_after_the_settling_time() -> None:
    at_once = decide(situation(LACKING, f.NO_PHOTOS, settle_until=LATER))
    assert gist(at_once) == (A.ASK, (K.RECEIVED_CHECKING,), False)
    assert (at_once.letters[0].state_key, at_once.again_at) == (FIRST_RECEIPT, LATER)
    receipt = first_receipt(at=NOW, state="queued")
    waiting = decide(situation(LACKING, f.NO_PHOTOS, settle_until=LATER, told=(receipt,)))
    assert (gist(waiting), waiting.again_at) == ((A.ASK, (), False), LATER)
    then = decide(situation(LACKING, f.NO_PHOTOS, settle_until=LATER, told=(receipt,), now=LATER))
    assert gist(then) == (A.ASK, (K.DEFICIENT,), False)
    assert then.again_at is None


def test_without_settling_time_the_deficiency_letter_is_the_only_one() -> None:
    assert gist(decide(situation(LACKING, f.NO_PHOTOS, settle_until=NOW))) == (A.ASK, (K.DEFICIENT,), False)


def test_first_mail_that_is_complete_is_told_so_at_once() -> None:
    assert gist(decide(situation(WHOLE, settle_until=LATER))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)


def test_three_mails_in_a_row_that_together_are_complete_get_two_letters() -> None:
    receipt = first_receipt(at=NOW)
    third = situation(WHOLE, settle_until=LATER, told=(receipt,), now=NOW + timedelta(minutes=2))
    assert gist(decide(third)) == (A.ACKNOWLEDGE, (), False)
    assert gist(decide(replace(third, now=LATER))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)


def test_a_deficiency_letter_that_has_not_left_is_replaced_by_a_better_one() -> None:
    held = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, state="held", row=9)
    decision = decide(situation(WHOLE, told=(first_receipt(), held)))
    assert (gist(decision), decision.cancel) == ((A.ACKNOWLEDGE, (K.RECEIVED,), False), (9,))


def test_a_letter_that_has_left_is_never_cancelled() -> None:
    left = [
        told(K.DEFICIENT, LACKING, f.NO_PHOTOS, state=s, row=n) for n, s in enumerate(("sending", "sent", "unknown"))
    ]
    assert decide(situation(WHOLE, told=tuple(left))).cancel == ()


def test_the_same_files_again_get_no_new_letter() -> None:
    before = told(K.DEFICIENT, LACKING, f.NO_PHOTOS)
    again = replace(LACKING, mails=(*LACKING.mails, mail(sha256="b" * 64, subject="再发一次")))
    assert gist(decide(situation(again, f.NO_PHOTOS, told=(before,)))) == (A.SILENT, (), False)


def test_a_letter_still_in_the_outbox_counts_as_told() -> None:
    held = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, state="held")
    decision = decide(situation(LACKING, f.NO_PHOTOS, told=(held,)))
    assert (gist(decision), decision.cancel) == ((A.SILENT, (), False), ())


def test_a_cancelled_or_failed_letter_does_not_count_and_its_key_is_not_used_again() -> None:
    gone = tuple(told(K.DEFICIENT, LACKING, f.NO_PHOTOS, state=s, row=n) for n, s in enumerate(("cancelled", "failed")))
    decision = decide(situation(LACKING, f.NO_PHOTOS, told=gone))
    assert gist(decision) == (A.ASK, (K.DEFICIENT,), False)
    assert decision.letters[0].state_key == f"{state_key(LACKING, (f.NO_PHOTOS,))}#3"


def test_a_letter_that_staff_refused_is_not_put_to_them_again_while_nothing_changed() -> None:
    refused = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, state="refused")
    decision = decide(situation(LACKING, f.NO_PHOTOS, told=(refused,)))
    assert (gist(decision), decision.reason) == (
        (A.SILENT, (), False),
        "这一状态的回信经办已决定不发，此后文件和结论都没有变化。",
    )
    # Another state is a new question, and the same state after another one was told is one too.
    assert gist(decide(situation(WHOLE, told=(refused,)))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)
    later = replace(told(K.RECEIVED, WHOLE, row=2), at=refused.at + timedelta(days=1))
    again = decide(situation(LACKING, f.NO_PHOTOS, told=(refused, later)))
    assert (again.action, [letter.kind for letter in again.letters]) == (A.ASK, [K.DEFICIENT])
    assert again.letters[0].state_key == f"{state_key(LACKING, (f.NO_PHOTOS,))}#2"


def test_a_firms_contact_that_we_wrote_to_is_answered_in_full_though_nobody_vouches_for_it() -> None:
    both = replace(WHOLE, mails=(*WHOLE.mails, mail(sha256="b" * 64, sender_address="zhang@firm.example")))
    reply = arrival(reply_to=Address("张三", "zhang@firm.example"), sha256="b" * 64)
    contact = replace(told(K.CONTACT, WHOLE), to_address="zhang@firm.example", state_key="contact")
    by_us = decide(replace(situation(both, told=(contact,)), mail=reply))
    assert [letter.kind for letter in by_us.letters] == [K.RECEIVED]
    for other in (replace(contact, state="held"), replace(contact, to_address="li@firm.example")):
        stranger = decide(replace(situation(both, told=(other,)), mail=reply))
        assert [letter.kind for letter in stranger.letters] == [K.MINIMAL]


def test_a_supplement_that_mends_everything_is_told_completed() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS)
    assert gist(decide(situation(WHOLE, told=(asked,)))) == (A.ACKNOWLEDGE, (K.COMPLETED,), False)


def test_a_supplement_that_leaves_a_doubt_is_not_called_completed() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS)
    decision = decide(situation(WHOLE, f.SEAL_UNCLEAR, told=(asked,)))
    assert gist(decision) == (A.ACKNOWLEDGE, (K.RECEIVED_CHECKING,), False)


def test_a_supplement_that_mends_a_part_gets_one_letter_with_the_rest() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, f.NO_SEAL)
    assert gist(decide(situation(WHOLE, f.NO_SEAL, told=(asked,)))) == (A.ASK, (K.DEFICIENT,), False)


PERHAPS_IN_ANOTHER_MAIL = replace(f.NO_PHOTOS, verdict=Verdict.DOUBT, waits_for=("1.jpg",))


def test_what_was_asked_and_may_lie_in_another_mail_now_sends_no_second_letter() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, f.NO_SEAL)
    decision = decide(situation(LACKING, f.NO_SEAL, PERHAPS_IN_ANOTHER_MAIL, told=(asked,)))
    assert gist(decision) == (A.SILENT, (), False)


def test_what_was_asked_and_was_untrue_is_told_although_the_rest_is_still_missing() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, f.NO_SEAL)
    assert gist(decide(situation(LACKING, f.NO_SEAL, told=(asked,))))[:2] == (A.ASK, (K.DEFICIENT,))


def test_a_letter_that_waits_gives_way_to_one_that_asks_only_what_is_missing_now() -> None:
    held = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, f.NO_SEAL, state=LetterState.HELD)
    decision = decide(situation(LACKING, f.NO_SEAL, PERHAPS_IN_ANOTHER_MAIL, told=(held,)))
    assert (gist(decision)[:2], decision.cancel) == ((A.ASK, (K.DEFICIENT,)), (held.row,))


def test_a_doubt_that_staff_clear_sends_no_letter() -> None:
    told_checking = told(K.RECEIVED_CHECKING, WHOLE, f.TITLE_UNKNOWN)
    assert gist(decide(situation(WHOLE, told=(told_checking,)))) == (A.SILENT, (), False)


def test_a_new_defect_in_files_that_were_answered_before_waits_for_staff() -> None:
    answered = told(K.RECEIVED, WHOLE)
    decision = decide(situation(WHOLE, f.NO_SEAL, told=(answered,)))
    assert gist(decision) == (A.HOLD, (K.DEFICIENT,), True)
    assert "一次性告知" in decision.reason


def test_a_defect_that_staff_set_goes_out() -> None:
    answered = told(K.RECEIVED_CHECKING, WHOLE, f.SEAL_UNCLEAR)
    assert gist(decide(situation(WHOLE, f.BY_STAFF, told=(answered,)))) == (A.ASK, (K.DEFICIENT,), False)


def test_a_new_defect_in_new_files_goes_out() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS)
    decision = decide(situation(WHOLE, f.no_caption("照片1.jpg"), told=(asked,)))
    assert gist(decision) == (A.ASK, (K.DEFICIENT,), False)


@pytest.mark.parametrize(
    ("more", "kinds"),
    [
        (filed("新报告.docx", material="report", role=Role.REPORT, state=VersionState.SUPERSEDED), (K.RECEIVED,)),
        (filed("别人的报告.docx", material="report", role=Role.REPORT, state=VersionState.PENDING), ()),
        (replace(WHOLE.files[0], state=VersionState.SUPERSEDED), ()),
    ],
    ids=["a-file-that-could-not-replace-a-good-one", "a-strangers-file-that-waits", "the-same-bytes-once-more"],
)
def test_who_sends_a_new_file_hears_what_became_of_it(more: FiledFile, kinds: tuple[LetterKind, ...]) -> None:
    decision = decide(situation(complete_dossier(files=(*WHOLE.files, more)), told=(told(K.RECEIVED, WHOLE),)))
    assert tuple(x.kind for x in decision.letters) == kinds


def test_back_to_an_earlier_state_is_told_again_under_its_own_key() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, row=1, at=NOW - timedelta(hours=3))
    done = told(K.COMPLETED, WHOLE, row=2, at=NOW - timedelta(hours=2))
    decision = decide(situation(LACKING, f.NO_PHOTOS, told=(asked, done)))
    assert gist(decision) == (A.ASK, (K.DEFICIENT,), False)
    assert decision.letters[0].state_key.endswith("#2")


@pytest.mark.parametrize(
    ("policy", "kinds"),
    [("minimal", (K.MINIMAL,)), ("own_content", (K.RECEIVED,)), ("ordinary", (K.RECEIVED,))],
)
def test_a_single_sender_nobody_vouches_for_is_answered_as_the_policy_says(
    policy: str, kinds: tuple[LetterKind, ...]
) -> None:
    call = with_policy("unauthenticated_reply", policy)
    assert tuple(x.kind for x in decide(situation(WHOLE, call=call)).letters) == kinds


def test_an_unverified_sender_is_told_nothing_that_somebody_else_sent() -> None:
    vouched = situation(OTHERS_MAIL, mail=arrival(authentication=AuthVerdict.PASS))
    assert gist(decide(vouched)) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)
    assert gist(decide(situation(OTHERS_MAIL))) == (A.HOLD, (K.MINIMAL,), False)


def from_mail(dossier: Dossier, number: int, sha256: str) -> Dossier:
    """The same dossier, one of its files having come in another mail."""
    files = tuple(replace(x, message=sha256) if n == number else x for n, x in enumerate(dossier.files))
    return replace(dossier, files=files)


def test_an_unverified_sender_who_wrote_here_before_gets_the_ordinary_letter() -> None:
    boss = mail(sha256="c" * 64, sender_address="boss@example.com")
    both = from_mail(complete_dossier(mails=(mail(), boss, mail(sha256="a" * 64))), 1, "c" * 64)
    assert gist(decide(situation(both))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)
    stranger_now = situation(both, mail=arrival(sha256="c" * 64, reply_to=Address("", "boss@example.com")))
    assert gist(decide(stranger_now)) == (A.HOLD, (K.MINIMAL,), False)


def test_a_strangers_files_that_wait_for_staff_do_not_silence_the_applicants_letter() -> None:
    own, strange = mail(sha256="a" * 64), mail(sha256="c" * 64, sender_address="boss@example.com")
    pending = filed("他人补件.pdf", message="c" * 64, state=VersionState.PENDING)
    files = (*(replace(x, message="a" * 64) for x in WHOLE.files), pending)
    dossier = replace(WHOLE, mails=(own, strange), files=files)
    assert gist(decide(situation(dossier))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)
    answered = told(K.RECEIVED, dossier)
    assert gist(decide(situation(dossier, told=(answered,)))) == (A.SILENT, (), False)


def test_what_was_told_in_full_is_not_told_again_in_short() -> None:
    answered = told(K.RECEIVED, OTHERS_MAIL)
    assert gist(decide(situation(OTHERS_MAIL, told=(answered,)))) == (A.SILENT, (), False)


def test_a_question_is_left_to_staff_where_the_policy_says_so() -> None:
    call = with_policy("inquiry_reply", "staff_only")
    asked = situation(None, mail=arrival(intent=Intent.QUESTION), call=call)
    assert gist(decide(asked)) == (A.HOLD, (), False)


def test_a_mail_is_answered_once_for_itself() -> None:
    asked = situation(None, mail=arrival(intent=Intent.QUESTION))
    before = ToldLetter(1, K.INQUIRY, "sent", "a" * 64, SENDER.address, NOW)
    assert gist(decide(replace(asked, told=(before,)))) == (A.SILENT, (), False)
    other = replace(before, state_key="b" * 64)
    assert gist(decide(replace(asked, told=(other,)))) == (A.ACKNOWLEDGE, (K.INQUIRY,), False)


@pytest.mark.parametrize(
    ("reply_to", "expected"),
    [
        ((), SENDER.address),
        ((Address("总机", "desk@example.com"),), "desk@example.com"),
        ((Address("", "victim@elsewhere.example"),), SENDER.address),
        ((Address("", "x@other.example"), Address("", "y@example.com")), "y@example.com"),
        ((Address("", "not-an-address"),), SENDER.address),
    ],
)
def test_reply_to_is_followed_only_within_the_senders_domain(reply_to: tuple[Address, ...], expected: str) -> None:
    reading = MailReading(sha256="a" * 64, size=1, sender=SENDER, reply_to=reply_to)
    assert reply_address(reading).address == expected


@pytest.mark.parametrize(
    ("sender", "reply_to", "expected"),
    [
        ("a@163.com", "b@163.com", "a@163.com"),
        ("a@qq.com", "b@qq.com", "a@qq.com"),
        ("a@163.com", "a@163.com", "a@163.com"),
        ("a@example.com", "office@example.com", "office@example.com"),
        ("a@ours.example", "box@ours.example", "a@ours.example"),
    ],
)
def test_on_a_public_provider_a_common_domain_proves_nothing_and_nothing_is_sent_to_ourselves(
    sender: str, reply_to: str, expected: str
) -> None:
    reading = MailReading(sha256="a" * 64, size=1, sender=Address("", sender), reply_to=(Address("", reply_to),))
    assert reply_address(reading, ("box@ours.example",)).address == expected


def test_while_the_budget_is_short_the_first_letter_is_the_whole_answer() -> None:
    early = situation(LACKING, f.NO_PHOTOS, settle_until=LATER, short=True)
    assert (gist(decide(early)), decide(early).again_at) == ((A.ASK, (), False), LATER)
    then = decide(replace(early, now=LATER))
    assert gist(then) == (A.ASK, (K.DEFICIENT,), False)
    assert then.letters[0].priority == table.PRIORITY[K.RECEIVED]
    assert gist(decide(situation(WHOLE, settle_until=LATER, short=True))) == (A.ACKNOWLEDGE, (K.RECEIVED,), False)


def test_a_later_deficiency_letter_waits_behind_receipts() -> None:
    asked = told(K.DEFICIENT, LACKING, f.NO_PHOTOS, f.NO_SEAL)
    planned = decide(situation(WHOLE, f.NO_SEAL, told=(asked,))).letters[0]
    assert (planned.first, planned.priority) == (False, table.PRIORITY[K.DEFICIENT])


@pytest.mark.parametrize(
    ("sent", "waiting", "short"), [(0, 0, False), (44, 0, False), (45, 0, True), (20, 25, True), (20, 24, False)]
)
def test_the_budget_is_short_from_half_of_the_day_on(sent: int, waiting: int, short: bool) -> None:
    assert table.budget_is_short(per_day=90, sent=sent, waiting=waiting) is short


def test_a_receipt_that_has_not_left_gives_way_to_the_letter_that_says_everything() -> None:
    receipt = first_receipt(at=NOW, state="queued", row=4)
    decision = decide(situation(LACKING, f.NO_PHOTOS, settle_until=LATER, told=(receipt,), now=LATER))
    assert (gist(decision), decision.cancel) == ((A.ASK, (K.DEFICIENT,), False), (4,))
    assert (decision.letters[0].first, decision.letters[0].priority) == (True, table.PRIORITY[K.RECEIVED])
    left = decide(situation(LACKING, f.NO_PHOTOS, told=(replace(receipt, state="sent"),)))
    assert (left.cancel, left.letters[0].first) == ((), False)
    waits = decide(situation(LACKING, f.NO_PHOTOS, told=(receipt,), approve=True))
    assert (waits.cancel, waits.letters[0].hold, waits.letters[0].first) == ((), True, False)


def booked(*keys: str) -> Dossier:
    return replace(WHOLE, paper=tuple(PaperReceipt(key, date(2026, 5, 12)) for key in keys))


def paper_letter(*keys: str, **changes: Any) -> ToldLetter:
    made = compose(K.PAPER_RECEIVED, booked(*keys), (), cases_2026(), NOW)
    return replace(ToldLetter(5, K.PAPER_RECEIVED, "sent", "paper-x", SENDER.address, NOW, made.said), **changes)


def test_paper_that_was_booked_after_the_answer_is_told_once() -> None:
    answered = told(K.RECEIVED, WHOLE)
    decision = decide(situation(booked("paper_form"), told=(answered,)))
    assert gist(decision) == (A.ACKNOWLEDGE, (K.PAPER_RECEIVED,), False)
    assert decision.letters[0].not_before == NOW + timedelta(minutes=10)
    before = (answered, paper_letter("paper_form"))
    assert gist(decide(situation(booked("paper_form"), told=before))) == (A.SILENT, (), False)
    more = decide(situation(booked("paper_form", "paper_report"), told=before))
    assert (gist(more), more.cancel) == ((A.ACKNOWLEDGE, (K.PAPER_RECEIVED,), False), ())


def test_two_papers_booked_one_after_the_other_get_one_letter() -> None:
    waiting = paper_letter("paper_form", state="queued")
    decision = decide(situation(booked("paper_form", "paper_report"), told=(told(K.RECEIVED, WHOLE), waiting)))
    assert (gist(decision), decision.cancel) == ((A.ACKNOWLEDGE, (K.PAPER_RECEIVED,), False), (5,))


def test_paper_that_the_answer_itself_names_gets_no_letter_of_its_own() -> None:
    made = compose(K.RECEIVED, booked("paper_form"), (), cases_2026(), NOW)
    answered = told(K.RECEIVED, WHOLE, said=made.said)
    assert gist(decide(situation(booked("paper_form"), told=(answered,)))) == (A.SILENT, (), False)
