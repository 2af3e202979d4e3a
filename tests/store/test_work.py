"""Ledger, leases and outbox on both databases: what must hold between two workers."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

import pytest

from store import watermarks
from store.engine import Store
from store.letters import outbox
from store.mails import messages
from store.mails.messages import Arrival, FenceLost, Place

NOW = datetime(2026, 5, 12, 1, 0, tzinfo=UTC)


def arrival(number: int, uid: int | None = None) -> Arrival:
    return Arrival(
        place=Place("me@163.example", "INBOX", 4_000_000_000, uid or number),
        sha256=f"{number:064x}",
        size=10,
        received=NOW + timedelta(minutes=number),
        junk=False,
        before_call=False,
        fingerprint="f",
    )


def put(store: Store, number: int) -> None:
    with store.transaction() as session:
        outbox.queue(
            session,
            subject_key=f"message:{number}",
            kind="received",
            state_key="1",
            raw=b"x",
            message_id=f"<{number}@x>",
            to_address="a@b.cn",
            now=NOW,
        )


def at_once(count: int, work: object) -> None:
    threads = [threading.Thread(target=work) for _ in range(count)]  # type: ignore[arg-type]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_the_ledger_keeps_uids_of_thirty_two_bits_and_tells_what_it_knows(store: Store) -> None:
    with store.transaction() as session:
        assert messages.note_arrival(session, arrival(1, uid=4_294_967_295), NOW)
        assert not messages.note_arrival(session, arrival(1, uid=7), NOW)
    with store.reading() as session:
        known = messages.ledger(session, "me@163.example", "INBOX", 4_000_000_000)
        other = messages.ledger(session, "me@163.example", "INBOX", 1)
    assert {uid: (one.state, one.message) for uid, one in known.items()} == {
        7: ("fetched", f"{1:064x}"),
        4_294_967_295: ("fetched", f"{1:064x}"),
    }
    assert other == {}


def test_the_same_mail_from_many_polls_at_once_is_written_once(store: Store) -> None:
    new: list[bool] = []

    def poll() -> None:
        with store.transaction() as session:
            new.append(messages.note_arrival(session, arrival(1), NOW))

    at_once(6, poll)
    assert sorted(new) == [False] * 5 + [True]


def test_many_workers_at_once_each_lease_another_mail(store: Store) -> None:
    with store.transaction() as session:
        for number in range(1, 7):
            messages.note_arrival(session, arrival(number), NOW)
    leased: list[str] = []

    def work() -> None:
        while True:
            with store.transaction() as session:
                mine = messages.lease_next(session, threading.current_thread().name, NOW, 60)
            if mine is None:
                return
            leased.append(mine.sha256)

    at_once(3, work)
    assert len(set(leased)) == len(leased)
    # A worker that lost a race may come home early; nobody's mail is lost by it.
    with store.transaction() as session:
        while (late := messages.lease_next(session, "late", NOW, 60)) is not None:
            leased.append(late.sha256)
    assert sorted(leased) == [f"{number:064x}" for number in range(1, 7)]


def test_an_old_fence_may_not_write(store: Store) -> None:
    with store.transaction() as session:
        messages.note_arrival(session, arrival(1), NOW)
    with store.transaction() as session:
        old = messages.lease(session, f"{1:064x}", "one", NOW, 60)
    with store.transaction() as session:
        messages.lease(session, f"{1:064x}", "other", NOW, 60)
    with store.transaction() as session, pytest.raises(FenceLost):
        messages.finish(session, old.sha256, old.fence)


def test_many_senders_at_once_claim_a_letter_once(store: Store) -> None:
    put(store, 1)
    claims: list[bool] = []

    def send() -> None:
        with store.transaction() as session:
            claims.append(outbox.claim(session, 1, threading.current_thread().name, NOW))

    at_once(6, send)
    assert sorted(claims) == [False] * 5 + [True]


def test_one_decision_at_many_hands_makes_one_letter(store: Store) -> None:
    at_once(6, lambda: put(store, 1))
    with store.reading() as session:
        assert len(outbox.in_state(session, "queued")) == 1


def test_attempts_are_counted_with_their_moment(store: Store) -> None:
    put(store, 1)
    with store.transaction() as session:
        outbox.claim(session, 1, "me", NOW)
        outbox.settle(session, 1, "me", NOW, state="sent", outcome="accepted", answer="250 ok", queue_id="q")
    with store.reading() as session:
        (sent,) = outbox.sends(session, NOW - timedelta(days=1))
        assert (sent.at, sent.to_address, sent.outcome) == (NOW, "a@b.cn", "accepted")
        assert outbox.sends(session, NOW + timedelta(seconds=1)) == ()


def test_a_watermark_is_kept_changed_and_forgotten(store: Store) -> None:
    with store.transaction() as session:
        watermarks.put_moment(session, "a:until", NOW, NOW)
        watermarks.put(session, "a:b", "1", NOW)
        watermarks.put(session, "a:b", "2", NOW + timedelta(minutes=1))
        watermarks.put(session, "b", "3", NOW)
    with store.reading() as session:
        assert watermarks.moment(session, "a:until") == NOW
        assert watermarks.starting_with(session, "a:") == {"a:until": NOW.isoformat(), "a:b": "2"}
        assert watermarks.written_at(session, "a:b") == NOW + timedelta(minutes=1)
    with store.transaction() as session:
        watermarks.drop(session, "a:b")
        watermarks.drop(session, "unknown")
        assert watermarks.get(session, "a:b") is None
