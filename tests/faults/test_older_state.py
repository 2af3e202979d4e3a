"""A whole data folder was put back to an earlier state: nothing goes before staff say so, and nothing goes twice."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Any

import pytest

from config.settings import Settings, load_settings
from flows.demo.letterbox import SENT
from flows.demo.posting import Draft, post
from flows.demo.servers import DemoServers, demo_servers
from flows.demo.world import demo_environment
from flows.steps.alarms.alarms import alarms
from flows.steps.cycle import CycleReport, answer_waiting, deliver, poll, run_cycle
from flows.steps.desk.forms import AdoptForm, SendingForm
from flows.steps.desk.operations import perform
from flows.steps.desk.refusal import DeskRefusal
from flows.steps.dry_run.doctor import examine_surroundings
from flows.steps.filing.examine import examine, take_next
from flows.steps.screens.register import register_values
from flows.steps.screens.waiting import waiting
from flows.steps.workshop import open_workshop
from flows.transport.imap import ImapMailbox
from store import journal
from store.letters import outbox
from store.site import site_of
from store.states import LetterState
from tests.desk.conftest import NOW, form, mail, report

pytestmark = pytest.mark.slow

FIRMS = ("浙江甲川精密机械有限公司", "杭州乙木仪器有限公司", "宁波丙山液压有限公司")
CONFIRMED = AdoptForm(by="王工", reason="已核对已发送")


def question(number: int, at: datetime) -> bytes:
    words = "您好，请问申报截止时间是哪天？纸质材料寄到哪里？\n"
    return post(Draft(f"问{number}", f"ask{number}@firm.example", "咨询申报事宜", words, at, ()))


@dataclass
class Site:
    """One mailbox with its servers, and the data folder that works on it."""

    servers: DemoServers
    folder: Path
    settings: Settings
    moment: list[datetime]
    copies: list[bool] = field(default_factory=lambda: [True])

    def run(self, now: datetime, home: Path | None = None) -> CycleReport:
        self.moment[0] = now
        with self.open(home) as shop:
            done = run_cycle(shop, now)
        if not self.copies[0]:
            for copy in self.servers.letterbox.mails(SENT):
                self.servers.letterbox.expunge(SENT, copy.uid)
        return done

    def open(self, home: Path | None = None) -> Any:
        return open_workshop(self.at(home) if home else self.settings, ocr=False, looks=self.folder / "looks")

    def at(self, home: Path, **changes: str) -> Settings:
        values = demo_environment(home, self.servers) | {"ZHENGJI_SECRET": "", "ZHENGJI_DIGEST_TO": ""}
        return load_settings(values | {f"ZHENGJI_{key}": value for key, value in changes.items()})

    def snapshot(self) -> Path:
        return Path(shutil.copytree(self.settings.home, self.folder / "snapshot"))

    def put_back(self) -> None:
        """As an operator who reverts the machine: database, blobs, secret and site id, all of them older."""
        shutil.rmtree(self.settings.home)
        shutil.copytree(self.folder / "snapshot", self.settings.home)

    def arrives(self, raw: bytes, at: datetime) -> None:
        self.servers.letterbox.deliver(raw, at)

    def letters(self) -> Counter[tuple[str, str]]:
        """Who got which letter, and how often."""
        return Counter((one.recipient, str(message_from_bytes(one.raw)["Message-ID"])) for one in self.servers.letters)

    def answered(self) -> Counter[tuple[str, str]]:
        """Who got how many letters in answer to which mail."""
        return Counter((one.recipient, str(message_from_bytes(one.raw)["In-Reply-To"])) for one in self.servers.letters)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    moment = [NOW]
    with demo_servers(clock=lambda: moment[0]) as servers:
        made = Site(servers, tmp_path, load_settings({}), moment)
        made.settings = made.at(tmp_path / "data")
        yield made


def first_day(site: Site) -> None:
    for number, firm in enumerate(FIRMS[:2]):
        site.arrives(mail(f"a{number}@firm.example", firm, NOW, form(firm), report(firm, number)), NOW)
    site.run(NOW + timedelta(hours=1))
    site.snapshot()


def second_day(site: Site) -> None:
    later = NOW + timedelta(days=1)
    site.arrives(mail("a2@firm.example", FIRMS[2], later, form(FIRMS[2]), report(FIRMS[2], 2)), later)
    site.arrives(question(1, later), later)
    site.run(later + timedelta(hours=1))


AFTER = NOW + timedelta(days=1, hours=3)


def told(report: CycleReport) -> tuple[list[int], bool]:
    return report.delivered.sent, "全部回信暂停" in report.delivered.blocked


def test_a_letter_carries_the_id_of_the_site(site: Site) -> None:
    first_day(site)
    with site.open() as shop, shop.store.reading() as session:
        name = site_of(session)
    heads = [message_from_bytes(one.raw) for one in site.servers.letters]
    assert [str(head["X-Zhengji-ID"]) for head in heads] == [
        f"{name}/{str(head['Message-ID'])[1:-1]}" for head in heads
    ]
    assert len(heads) == 2


def test_in_ordinary_work_nothing_is_held(site: Site) -> None:
    first_day(site)
    second_day(site)
    assert told(site.run(AFTER)) == ([], False)
    assert sum(site.letters().values()) == 4


def test_an_older_state_answers_nobody_until_staff_say_so_and_nobody_twice_after(site: Site) -> None:
    first_day(site)
    second_day(site)
    before = site.letters()
    with site.open() as shop:
        register = register_values(shop, AFTER)["submissions"]
    site.put_back()

    # A mail that came after the snapshot and was never answered, beside two that were.
    site.arrives(question(2, AFTER), AFTER)
    for minutes in (0, 60, 120):
        assert told(site.run(AFTER + timedelta(minutes=minutes))) == ([], True)
    assert site.letters() == before

    with site.open() as shop:
        assert len(register_values(shop, AFTER)["submissions"]) == 3, "intake must go on"
        assert perform(shop, "adopt-sent", CONFIRMED, AFTER + timedelta(hours=3)) == (
            "认领已发回信 2 封（其中 0 封待重新拟出时认领），放行 1 封，留待经办 0 封；已恢复发信。"
        )
    site.run(AFTER + timedelta(hours=4))
    assert set(site.letters().values()) == {1}
    assert sorted(who for who, _ in site.letters() - before) == ["ask2@firm.example"]
    with site.open() as shop:
        again = register_values(shop, AFTER)["submissions"]
    assert [row["number"] for row in again] == [row["number"] for row in register]


def test_staff_see_what_is_unknown_and_the_journal_keeps_who_confirmed(site: Site) -> None:
    first_day(site)
    second_day(site)
    site.put_back()
    site.run(AFTER)
    newest = f"{NOW + timedelta(days=1, hours=1):%Y-%m-%d %H:%M}"
    sentence = (
        f"“已发送”中有本站点的回信 2 封（最新 {newest}），数据库里没有：数据库是较早的状态。"
        "全部回信暂停，收信和审核照常；核对后办理“认领已发回信”（zhengji desk adopt-sent），"
        "发过的不再发，其余放行。"
    )
    with site.open() as shop:
        (task,) = [one for one in waiting(shop, register_values(shop, AFTER), AFTER) if one.kind == "回信全部暂停"]
        assert (task.what, task.first) == (sentence, True)
        assert [one.sentence for one in alarms(shop.store, AFTER) if one.key == "older-state"] == [sentence]
        assert sentence in [one.sentence for one in examine_surroundings(site.settings, now=AFTER) if one.ok is False]
        # The ordinary switch does not let them go.
        done = perform(shop, "sending", SendingForm(by="王工", reason="恢复", stop=False), AFTER)
        assert done.startswith("紧急停发已解除，但回信仍全部暂停：“已发送”中有本站点的回信 2 封")
        perform(shop, "adopt-sent", CONFIRMED, AFTER)
        with shop.store.reading() as session:
            told = [(one.actor, one.action) for one in journal.read(session, "sending:")]
        assert told == [
            ("系统", "older-state"), ("王工", "sending-started"), ("王工", "letters-adopted"),
            ("王工", "sending-confirmed"),
        ]  # fmt: skip
        with pytest.raises(DeskRefusal, match="没有要认领的回信"):
            perform(shop, "adopt-sent", CONFIRMED, AFTER)


def test_a_letter_that_is_made_again_only_after_staff_confirmed_is_known_too(site: Site) -> None:
    first_day(site)
    second_day(site)
    before = site.letters()
    site.put_back()
    # Staff confirm before the mails of the second day are read again.
    with site.open() as shop:
        poll(shop, AFTER)
        assert "其中 2 封待重新拟出时认领" in perform(shop, "adopt-sent", CONFIRMED, AFTER)
    site.run(AFTER + timedelta(hours=1))
    assert site.letters() == before
    with site.open() as shop, shop.store.reading() as session:
        assert [row.state for row in outbox.in_state(session, *LetterState)] == [LetterState.SENT] * 4


def test_two_machines_on_one_site_do_not_both_answer(site: Site) -> None:
    """A backup runs on another machine while the first one goes on."""
    first_day(site)
    other = site.folder / "snapshot"
    second_day(site)
    assert told(site.run(AFTER, other)) == ([], True)
    third = AFTER + timedelta(hours=1)
    site.arrives(question(3, third), third)
    site.run(third + timedelta(hours=1))
    site.run(third + timedelta(hours=1), other)
    assert set(site.letters().values()) == {1}


def other_words(raw: bytes) -> bytes:
    """The same letter as an older version had made it: another Message-ID, the same mail answered."""
    return raw.replace(b"zhengji.", b"zhengji.x", 2)


def test_a_mail_that_was_answered_in_other_words_waits_for_staff(site: Site) -> None:
    first_day(site)
    second_day(site)
    copies = site.servers.letterbox.mails(SENT)[2:]
    for copy in copies:
        site.servers.letterbox.expunge(SENT, copy.uid)
        site.servers.letterbox.deliver(other_words(copy.raw), copy.received, SENT)
    site.put_back()
    site.run(AFTER)
    with site.open() as shop:
        done = perform(shop, "adopt-sent", CONFIRMED, AFTER)
    assert done == "认领已发回信 2 封（其中 2 封待重新拟出时认领），放行 0 封，留待经办 2 封；已恢复发信。"
    before = site.letters()
    site.run(AFTER + timedelta(hours=1))
    assert site.letters() == before
    # What is new is answered as ever.
    last = AFTER + timedelta(hours=2)
    site.arrives(question(4, last), last)
    site.run(last + timedelta(hours=1))
    assert sorted(who for who, _ in site.letters() - before) == ["ask4@firm.example"]


@pytest.mark.parametrize(
    ("change", "held"),
    [
        (lambda raw: raw.replace(b"Message-ID: ", b"Message-ID: <tencent_AB@qq.com>\r\nX-OQ-MSGID: "), True),
        (lambda raw: raw.replace(b"X-Zhengji-ID: ", b"X-Gone: "), True),
        (lambda raw: raw.replace(b"X-Zhengji-ID: zj-", b"X-Zhengji-ID: zj-f"), False),
        (lambda _raw: b"Message-ID: <zhengji.al2026-0001.1.forged@x.example>\r\nSubject: x\r\n\r\nx\r\n", False),
        (lambda _raw: b"Message-ID: <by-hand@163.com>\r\nSubject: x\r\n\r\nx\r\n", False),
    ],
    ids=["qq", "header-dropped", "another-site", "forged", "by-hand"],
)
def test_only_letters_of_this_site_say_that_the_state_is_older(
    site: Site, change: Callable[[bytes], bytes], *, held: bool
) -> None:
    first_day(site)
    second_day(site)
    for copy in site.servers.letterbox.mails(SENT)[2:]:
        site.servers.letterbox.expunge(SENT, copy.uid)
        site.servers.letterbox.deliver(change(copy.raw), copy.received, SENT)
    site.put_back()
    assert told(site.run(AFTER))[1] is held


def test_where_the_mailbox_cannot_be_looked_into_nothing_goes(site: Site) -> None:
    first_day(site)
    later = NOW + timedelta(days=1)
    site.arrives(question(1, later), later)
    with site.open() as shop:
        poll(shop, later)
        while taken := take_next(shop, later):
            examine(shop, taken, later)
        answer_waiting(shop, later + timedelta(hours=1))
        shop.settings = site.at(site.settings.home, IMAP_PASSWORD="wrong")
        blocked = deliver(shop, later + timedelta(hours=1))
        assert blocked.sent == []
        assert blocked.blocked.startswith("没能核对“已发送”，本次不发。")
        shop.settings = site.settings
        assert len(deliver(shop, later + timedelta(hours=1)).sent) == 1


def test_with_nothing_new_in_sent_a_look_asks_for_no_header(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    first_day(site)
    site.run(NOW + timedelta(hours=2))
    asked: list[int] = []
    whole = ImapMailbox.headers

    def counted(mailbox: ImapMailbox, folder: str, uids: Sequence[int], names: Sequence[str]) -> dict[int, bytes]:
        asked.append(len(uids))
        return whole(mailbox, folder, uids, names)

    monkeypatch.setattr(ImapMailbox, "headers", counted)
    site.run(NOW + timedelta(hours=3))
    assert sum(asked) == 0
