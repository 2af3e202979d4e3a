from __future__ import annotations

import os
from datetime import timedelta

import pytest

from flows.steps import leases
from store import journal
from store.mails import messages
from store.mails.messages import FenceLost, Leased
from tests.steps.mailbox.conftest import NOW, Office, raw_mail


@pytest.fixture
def busy(office: Office) -> Office:
    for number in range(2):
        office.box.deliver(raw_mail(number), NOW + timedelta(minutes=number))
    office.poll()
    return office


def hashes(office: Office) -> list[str]:
    return [row.sha256 for row in sorted(office.messages().values(), key=lambda row: row.received)]


def test_the_oldest_mail_is_leased_first_and_two_workers_never_get_the_same(busy: Office) -> None:
    first, second = hashes(busy)
    mine, theirs = leases.owner_name(), "elsewhere|1|1"
    assert leases.lease_next(busy.store, mine, NOW, 60) == Leased(first, 1, 1)
    assert leases.lease_next(busy.store, theirs, NOW, 60) == Leased(second, 1, 1)
    assert leases.lease_next(busy.store, theirs, NOW, 60) is None


def test_an_expired_lease_goes_to_another_and_the_former_worker_may_not_write(busy: Office) -> None:
    old = leases.lease_next(busy.store, "elsewhere|1|1", NOW, 60)
    later = NOW + timedelta(seconds=61)
    new = leases.lease_next(busy.store, "elsewhere|2|1", later, 60)
    assert old is not None
    assert new == Leased(old.sha256, 2, 1)
    with pytest.raises(FenceLost), busy.store.transaction() as session:
        messages.finish(session, old.sha256, old.fence)
    with busy.store.transaction() as session:
        messages.finish(session, new.sha256, new.fence)
    assert busy.messages()[new.sha256].state == "examined"


def test_a_lease_of_a_process_that_is_gone_is_free_at_once(busy: Office) -> None:
    child = os.fork()
    if child == 0:
        leases.lease_next(busy.store, leases.owner_name(), NOW, 3_600)
        os._exit(0)
    os.waitpid(child, 0)
    again = leases.lease_next(busy.store, leases.owner_name(), NOW, 60)
    # It keeps its turn, and no attempt is spent.
    following = leases.lease_next(busy.store, leases.owner_name(), NOW, 60)
    first, second = hashes(busy)
    assert (again, following) == (Leased(first, 2, 1), Leased(second, 1, 1))


def test_our_own_process_is_alive_and_one_of_another_machine_is_taken_to_be() -> None:
    assert leases.alive(leases.owner_name())
    assert leases.alive("another-machine|4711|1")
    host, number, _, _ = leases.owner_name().split("|")
    assert not leases.alive(f"{host}|{number}|1")


def test_a_failed_mail_waits_longer_each_time_and_then_goes_to_quarantine(busy: Office) -> None:
    sha256, now = hashes(busy)[0], NOW
    pauses = []
    for _ in range(2):
        with busy.store.transaction() as session:
            leased = messages.lease(session, sha256, "w", now, 60)
            assert not messages.fail(session, sha256, leased.fence, "读不了。", now, max_attempts=3)
        due = busy.messages()[sha256].next_attempt
        assert due is not None
        pauses.append((due - now).total_seconds())
        now = due
    with busy.store.transaction() as session:
        leased = messages.lease(session, sha256, "w", now, 60)
        assert messages.fail(session, sha256, leased.fence, "读不了。", now, max_attempts=3)
    row = busy.messages()[sha256]
    assert (pauses, row.state, row.kind, row.reason) == ([60, 120], "quarantined", "quarantined", "读不了。")
    assert busy.store.blobs.verify(sha256)


def test_a_failed_mail_does_not_hold_up_the_next(busy: Office) -> None:
    first, second = hashes(busy)
    leased = leases.lease_next(busy.store, "w", NOW, 60)
    assert leased is not None
    with busy.store.transaction() as session:
        messages.fail(session, leased.sha256, leased.fence, "读不了。", NOW, max_attempts=3)
    following = leases.lease_next(busy.store, "w", NOW, 60)
    assert (leased.sha256, following and following.sha256) == (first, second)


def test_a_mail_keeps_its_turn_when_processes_die_and_lets_the_others_go_first_after_three(busy: Office) -> None:
    first, second = hashes(busy)
    now, taken = NOW, []
    for _ in range(messages.KEEPS_ITS_TURN + 2):
        leased = leases.lease_next(busy.store, "elsewhere|1|1", now, 60)
        assert leased is not None
        taken.append((leased.sha256, leased.attempts))
        now += timedelta(seconds=61)
    assert taken == [(first, 1)] * (messages.KEEPS_ITS_TURN + 1) + [(second, 1)]


def test_a_mail_that_no_process_outlives_goes_to_quarantine_in_the_end(busy: Office) -> None:
    first, second = hashes(busy)
    with busy.store.transaction() as session:
        messages.finish(session, second, messages.lease(session, second, "w", NOW, 60).fence)
    now, taken = NOW, 0
    while leases.lease_next(busy.store, "elsewhere|1|1", now, 60) is not None:
        taken, now = taken + 1, now + timedelta(seconds=61)
    row = busy.messages()[first]
    told = f"处理它的进程接连 {messages.MOST_DEATHS} 次意外中止，没有留下原因。"
    assert (taken, row.state, row.reason) == (messages.MOST_DEATHS, "quarantined", told)


def test_deaths_before_a_success_are_forgotten(busy: Office) -> None:
    first, _ = hashes(busy)
    with busy.store.transaction() as session:
        messages.lease(session, first, "elsewhere|1|1", NOW, 60)
        again = messages.lease(session, first, "elsewhere|2|1", NOW, 60)
        assert (again.attempts, messages.finish(session, first, again.fence).deaths) == (1, 0)


def test_what_is_put_off_for_our_surroundings_costs_no_attempt_however_often(busy: Office) -> None:
    first, _ = hashes(busy)
    now = NOW
    for _ in range(30):
        with busy.store.transaction() as session:
            leased = messages.lease(session, first, "w", now, 60)
            assert leased.attempts == 1
            messages.put_off(session, first, leased.fence, "磁盘已满。", now + timedelta(minutes=5))
        now += timedelta(minutes=5)
    row = busy.messages()[first]
    assert (row.state, row.attempts, row.deaths, row.last_error) == ("stored", 0, 0, "磁盘已满。")


def test_staff_run_a_quarantined_mail_again(busy: Office) -> None:
    sha256 = hashes(busy)[0]
    with busy.store.transaction() as session:
        leased = messages.lease(session, sha256, "w", NOW, 60)
        messages.fail(session, sha256, leased.fence, "读不了。", NOW, max_attempts=1)
    with busy.store.transaction() as session:
        messages.run_again(session, sha256, NOW, "王工", "换了读取程序")
    again = leases.lease_next(busy.store, "w", NOW, 60)
    assert again is not None
    assert (again.sha256, again.attempts) == (sha256, 1)
    with busy.store.reading() as session:
        last = journal.read(session, f"message:{sha256}", actions=("mail-run-again",))[-1]
    assert (last.actor, last.sentence) == ("王工", "重新读取这封来信：换了读取程序")


def test_a_renewed_lease_holds_longer(busy: Office) -> None:
    first, second = hashes(busy)
    leased = leases.lease_next(busy.store, "elsewhere|1|1", NOW, 60)
    assert leased is not None
    with busy.store.transaction() as session:
        messages.renew(session, leased, NOW + timedelta(seconds=300))
    following = leases.lease_next(busy.store, "elsewhere|2|1", NOW + timedelta(seconds=61), 60)
    assert (leased.sha256, following and following.sha256) == (first, second)


def test_only_one_holds_a_named_lease_and_gives_it_back(busy: Office) -> None:
    with (
        leases.only_one(busy.store, "lease:x", leases.owner_name(), NOW, 60) as mine,
        leases.only_one(busy.store, "lease:x", "elsewhere|1|1", NOW, 60) as theirs,
    ):
        assert (mine, theirs) == (True, False)
    with leases.only_one(busy.store, "lease:x", "elsewhere|1|1", NOW, 60) as theirs:
        assert theirs
