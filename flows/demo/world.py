"""The demo (演示): a season of mails through the real line, on mail servers of this machine."""

from __future__ import annotations

import contextlib
import shutil
import unicodedata
from collections.abc import Callable, Iterator
from datetime import date, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from pathlib import Path
from typing import Any

import click

from config.process import extend_environment
from config.settings import Settings, load_settings
from flows.demo.lists import TITLE, write_lists
from flows.demo.season import Day, SeasonMail, season
from flows.demo.servers import DemoServers, demo_servers
from flows.steps.cycle import run_cycle
from flows.steps.digest import make_digest, queue_digest
from flows.steps.lists.import_list import import_list
from flows.steps.orchestrator import free_port, running_server, server_environment
from flows.steps.screens.register import register_values
from flows.steps.workshop import Workshop, open_workshop

MARK = ".zhengji-demo"
UI_PORT = 4200
SECRET = "demo-secret-that-signs-only-the-demos-own-letters"  # noqa: S105 - the demo's letters leave no machine

RunDay = Callable[[Settings, datetime], None]


def run_demo(into: str, *, once: bool, with_ui: bool) -> int:
    """Play the season and print what was decided; 0 where every mail was decided as expected.

    Without ``once`` the Prefect UI and the schedules stay until Ctrl-C.
    """
    folder = Path(into).absolute()
    if not _prepared(folder):
        click.echo(f"{folder} 不是演示文件夹，也不是空的；请用 --into 换一个文件夹。", err=True)
        return 2
    moment = [season()[0].now]
    with contextlib.ExitStack() as stack:
        servers = stack.enter_context(demo_servers(clock=lambda: moment[0]))
        environment = demo_environment(folder / "data", servers)
        extend_environment(environment)
        settings = load_settings(environment)
        run_day, url = _plainly, ""
        if with_ui:
            run_day, url = _through_prefect, stack.enter_context(_orchestrator(folder))
        played = play(settings, servers, moment, run_day)
        wrong = report(settings, played, folder, servers)
        if once or not with_ui:
            return 1 if wrong else 0
        click.echo(f"\n界面：{url}  台账：{url}/v2/artifacts/key/register  停止：Ctrl-C")
        from flows.serve import serve_forever  # noqa: PLC0415 - Prefect reads its environment when it is imported

        with contextlib.suppress(KeyboardInterrupt):
            serve_forever(settings)
    return 0


def demo_environment(home: Path, servers: DemoServers) -> dict[str, str]:
    """Return the settings of the demo as environment variables; they override whatever this machine has set."""
    values = {
        "HOME": str(home),
        "CALL": "cases-2026",
        "DATABASE_URL": f"sqlite:///{home / 'zhengji.db'}",
        "IMAP_HOST": "127.0.0.1",
        "IMAP_PORT": str(servers.imap_port),
        "IMAP_TLS": "none",
        "IMAP_USER": servers.user,
        "IMAP_PASSWORD": servers.password,
        "SMTP_HOST": "127.0.0.1",
        "SMTP_PORT": str(servers.smtp_port),
        "SMTP_TLS": "none",
        "SMTP_USER": servers.user,
        "SMTP_PASSWORD": servers.password,
        "PROVIDER": "generic",
        "REPLY_MODE": "send",
        "SETTLE_MINUTES": "30",
        "SEND_INTERVAL_SECONDS": "0",
        "SEND_PER_15_MINUTES": "1000",
        "SEND_PER_DAY": "1000",
        "DIGEST_TO": "coordinator@association.example",
        "SECRET": SECRET,
    }
    return {f"ZHENGJI_{key}": value for key, value in values.items()}


def import_lists(shop: Workshop, folder: Path, now: datetime) -> None:
    """Import the demo's lists of titles and recommenders."""
    titles, recommenders = write_lists(folder)
    import_list(shop.store, titles, kind="title", name=TITLE, as_of=date(2026, 3, 1), now=now)
    import_list(shop.store, recommenders, kind="recommender", name="推荐单位名单", as_of=date(2026, 3, 1), now=now)


def play(settings: Settings, servers: DemoServers, moment: list[datetime], run_day: RunDay) -> tuple[Day, ...]:
    """Deliver each day's mails and run the line at that day's moment."""
    days = season()
    with open_workshop(settings) as shop:
        import_lists(shop, settings.home / "lists", days[0].now)
    for day in days:
        moment[0] = day.now
        for mail in day.mails:
            servers.letterbox.deliver(mail.make(lambda address: _last_letter(servers, address)), mail.received)
        run_day(settings, day.now)
    return days


def _plainly(settings: Settings, now: datetime) -> None:
    with open_workshop(settings) as shop:
        run_cycle(shop, now)
        queue_digest(shop, make_digest(shop, now), now)
        run_cycle(shop, now)


def _through_prefect(settings: Settings, now: datetime) -> None:
    del settings  # The flows read the same settings from the environment, as they do under a schedule.
    from flows.announce import hand_over_logs  # noqa: PLC0415 - Prefect reads its environment when it is imported
    from flows.deliver import deliver_letters  # noqa: PLC0415
    from flows.digest import daily_digest  # noqa: PLC0415
    from flows.poll import poll_mailbox  # noqa: PLC0415

    poll_mailbox(now=now.isoformat())
    deliver_letters(now=now.isoformat())
    daily_digest(now=now.isoformat())
    deliver_letters(now=now.isoformat())
    hand_over_logs()


@contextlib.contextmanager
def _orchestrator(folder: Path) -> Iterator[str]:
    port = free_port(UI_PORT)
    environment = server_environment(folder, port)
    extend_environment(environment)
    click.echo("正在启动 Prefect 服务（首次约需半分钟）……")
    with running_server(environment, folder / "prefect" / "server.log") as api:
        yield api.removesuffix("/api")


def report(settings: Settings, days: tuple[Day, ...], folder: Path, servers: DemoServers) -> int:
    """Print the table of mails, submissions and letters, write every letter as files; return how many were wrong."""
    with open_workshop(settings) as shop:
        values = register_values(shop, days[-1].now)
    wrong = print_mails(values, days)
    click.echo("")
    for row in values["submissions"]:
        letters = "、".join(letter["kind"] for letter in row["letters"]) or "无"
        click.echo(
            f"{row['number']}  {pad(row['applicant'] or '（未能确定）', 32)}{pad(row['status'], 12)}回信：{letters}"
        )
    count = write_letters(folder / "letters", servers)
    click.echo(f"\n共 {len(values['messages'])} 封来信，{len(values['submissions'])} 件申报，{count} 封回信。")
    click.echo(f"回信全文：{folder / 'letters'}\n案卷文件夹：{settings.home / '案卷'}")
    return wrong


def print_mails(values: dict[str, Any], days: tuple[Day, ...]) -> int:
    """Print what was decided on each mail beside what was expected; return how many differ."""
    statuses = {row["number"]: row["status"] for row in values["submissions"]}
    decided = {row["received"]: row for row in values["messages"]}
    wrong = 0
    click.echo(f"{pad('来信', 26)}{pad('判为', 14)}{pad('申报与状态', 40)}预期")
    for mail in (mail for day in days for mail in day.mails):
        row = decided.get(mail.received.isoformat()) or _same_mail(values, mail)
        numbers = row["numbers"] if row else []
        status = "、".join(f"{number} {statuses.get(number, '')}" for number in numbers) or "—"
        right = row is not None and row["kind"] == mail.expected and _status_right(mail, statuses, numbers)
        wrong += 0 if right else 1
        kind = row["kind"] if row else "（没有收到）"
        click.echo(
            f"{pad(mail.story, 26)}{pad(kind, 14)}{pad(status[:38], 40)}{'✓' if right else '✗ ' + mail.expected}"
        )
    return wrong


def _status_right(mail: SeasonMail, statuses: dict[str, str], numbers: list[str]) -> bool:
    if not mail.status:
        return not numbers
    return bool(numbers) and all(statuses.get(number) == mail.status for number in numbers)


def _same_mail(values: dict[str, Any], mail: SeasonMail) -> dict[str, Any] | None:
    """A mail that arrived twice is one mail: it stands in the register at its first arrival."""
    if mail.key != "twice":
        return None
    first = next(one for day in season() for one in day.mails if one.key == "gbk-zip")
    rows: list[dict[str, Any]] = values["messages"]
    return next((row for row in rows if row["received"] == first.received.isoformat()), None)


def write_letters(folder: Path, servers: DemoServers) -> int:
    """Write every letter that was sent as .eml, .txt and .html; return how many there are."""
    folder.mkdir(parents=True, exist_ok=True)
    for index, caught in enumerate(servers.letters, 1):
        message = message_from_bytes(caught.raw)
        subject = str(make_header(decode_header(message.get("Subject", ""))))
        name = f"{index:02d}_" + "".join(c if c.isalnum() or c in "-_（）【】" else "_" for c in subject)[:60]
        (folder / f"{name}.eml").write_bytes(caught.raw)
        for part in message.walk():
            suffix = {"text/plain": ".txt", "text/html": ".html"}.get(part.get_content_type())
            if suffix and part.get_filename() is None:
                (folder / f"{name}{suffix}").write_bytes(_payload(part))
    return len(servers.letters)


def pad(text: str, width: int) -> str:
    """Pad with blanks to a width at a terminal, where a Chinese character takes two columns."""
    columns = sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in text)
    return text + " " * max(1, width - columns)


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _last_letter(servers: DemoServers, address: str) -> str:
    letters = [letter for letter in servers.letters if letter.recipient == address]
    return str(message_from_bytes(letters[-1].raw)["Message-ID"]) if letters else ""


def _prepared(folder: Path) -> bool:
    """Make the folder empty where it is the demo's own; False where it holds something else."""
    if folder.exists() and any(folder.iterdir()):
        if not (folder / MARK).exists():
            return False
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MARK).write_text("这个文件夹由 zhengji demo 建立，下次演示会清空。\n", encoding="utf-8")
    return True
