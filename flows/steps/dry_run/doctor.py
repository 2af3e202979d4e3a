"""Looks at everything around zhengji and says what is well and what is not (体检). Changes nothing.

The mailbox is opened read-only, no letter is sent, no file is written.
"""

from __future__ import annotations

import io
import os
import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from config.load import CallFault, find_call
from config.settings import Settings, SettingsFault, require_mail
from flows.checks.registry import open_call
from flows.steps.deliver.sent_copies import copy_statistic
from flows.steps.dry_run import machine
from flows.steps.dry_run.check import Check
from flows.steps.intake.folders import folders_to_poll
from flows.steps.workshop import system_now
from flows.transport.connect import connect_mailbox, profile_for, sender_of
from flows.transport.ports import FolderRefused, FolderRole, FolderStatus, Mailbox, RemoteFolder, Sender, TransportError
from store.engine import DATABASE_ERRORS, Store, StoreError, open_store, schema_fault, sentence_of
from store.frozen import DamagedLetter, thaw
from store.letters import outbox
from store.mails import messages
from store.states import LetterState
from store.tables import LetterRow

_GIB = 1024**3
_LEAST_FREE = 5 * _GIB
_SAMPLE = 20

_PROGRAMS = {
    "unar": "解 RAR 压缩包",
    "7z": "解少见的压缩包",
    "soffice": "读旧版 Word（.doc、.wps）",
}


def examine_surroundings(
    settings: Settings,
    *,
    connect: Callable[[], Mailbox] | None = None,
    sender: Sender | None = None,
    now: datetime | None = None,
) -> tuple[Check, ...]:
    """Look at call, settings, servers, data folder, database, blobs and programs; one check for each, in that order."""
    checks: list[Check] = [*_call(settings)]
    try:
        require_mail(settings)
        checks.append(Check("设置", ok=True, sentence="收发信设置齐全。"))
        checks += _mailbox(connect or (lambda: connect_mailbox(settings)), settings)
        if settings.reply_mode in {"send", "approve"}:
            checks.append(_sender(sender or sender_of(settings)))
    except SettingsFault as fault:
        checks += [Check("设置", ok=False, sentence=sentence) for sentence in fault.faults]
    checks += _data(settings, now or system_now())
    checks.append(machine.service(settings))
    checks.append(machine.children())
    checks += _programs()
    return tuple(checks)


def _call(settings: Settings) -> Iterator[Check]:
    try:
        call = open_call(find_call(settings.call))
    except CallFault as fault:
        yield from (Check("征集", ok=False, sentence=str(one)) for one in fault.faults)
        return
    yield Check("征集", ok=True, sentence=f"{call.id} 可以使用，规则 {len(call.rules)} 条，每条都有程序核对。")


def _mailbox(connect: Callable[[], Mailbox], settings: Settings) -> Iterator[Check]:
    try:
        mailbox = connect()
    except TransportError as error:
        yield Check("收信登录", ok=False, sentence=error.sentence)
        return
    try:
        yield Check("收信登录", ok=True, sentence=f"已登录 {settings.imap_host}，问候语：{mailbox.greeting}")
        yield _capabilities(mailbox, settings)
        there = mailbox.folders()
        yield _folders(there, settings)
        for folder in folders_to_poll(there, settings.imap_folders):
            try:
                status = mailbox.examine(folder.name)
            except FolderRefused as refused:
                yield Check("编号", ok=False, sentence=refused.sentence)
                continue
            yield _numbering(status)
            if folder.role is FolderRole.INBOX:
                yield _one_peek(mailbox, status)
    except TransportError as error:
        yield Check("收信", ok=False, sentence=error.sentence)
    finally:
        mailbox.close()


def _capabilities(mailbox: Mailbox, settings: Settings) -> Check:
    offered = mailbox.capabilities()
    profile = profile_for(settings)
    said = "已发送 ID" if "ID" in offered or profile.gates_on_id else "服务器不要求 ID"
    idle = "支持 IDLE（仍用轮询）" if "IDLE" in offered else "不支持 IDLE，用轮询"
    return Check("服务器功能", ok=True, sentence=f"{profile.name}；{said}；{idle}；{' '.join(sorted(offered))}")


def _folders(there: tuple[RemoteFolder, ...], settings: Settings) -> Check:
    polled = "、".join(folder.name for folder in folders_to_poll(there, settings.imap_folders))
    roles = {folder.role: folder.name for folder in there}
    unknown = [name for name in settings.imap_folders if name not in {folder.name for folder in there}]
    missing = [name for role, name in ((FolderRole.SENT, "已发送"), (FolderRole.DRAFTS, "草稿箱")) if role not in roles]
    needed = settings.reply_mode == "draft" and FolderRole.DRAFTS not in roles
    lacks = f"；没有找到{'、'.join([*missing, *unknown])}" if missing or unknown else ""
    ok = False if needed or unknown else None if missing else True
    return Check("文件夹", ok=ok, sentence=f"收取：{polled}{lacks}。")


def _numbering(status: FolderStatus) -> Check:
    validity = "没有给出 UIDVALIDITY" if not status.uidvalidity else f"UIDVALIDITY={status.uidvalidity}"
    following = "没有给出 UIDNEXT" if status.uidnext is None else f"UIDNEXT={status.uidnext}"
    told = "" if status.uidvalidity_tells else "；重新编号时看不出来，每次收信另按日期和大小核对"
    sentence = f"“{status.name}”{status.exists} 封，{validity}，{following}{told}。"
    return Check("编号", ok=True if status.uidvalidity_tells else None, sentence=sentence)


def _one_peek(mailbox: Mailbox, status: FolderStatus) -> Check:
    uids = mailbox.uids(status.name)
    if len(uids) != status.exists:
        cure = "请在网页邮箱把“收取最近邮件”设为全部"
        sentence = f"“{status.name}”说有 {status.exists} 封，却只列出 {len(uids)} 封：{cure}。"
        return Check("读信", ok=False, sentence=sentence)
    described = mailbox.describe(status.name, uids[-1:])
    for mail in described.values():
        sink = io.BytesIO()
        length = mailbox.fetch(status.name, mail, sink)
        same = length == mail.size
        sentence = f"最新一封（UID {mail.uid}）声明 {mail.size} 字节，读到 {length} 字节，没有改动已读标记。"
        return Check("读信", ok=True if same else None, sentence=sentence)
    return Check("读信", ok=None, sentence=f"“{status.name}”是空的，没有可以试读的邮件。")


def _sender(sender: Sender) -> Check:
    try:
        greeting = sender.check()
    except TransportError as error:
        return Check("发信登录", ok=False, sentence=error.sentence)
    return Check("发信登录", ok=True, sentence=f"已登录，发件地址 {sender.address}，没有发信。{greeting[:80]}")


def _data(settings: Settings, now: datetime) -> Iterator[Check]:
    home = settings.home
    if not home.exists():
        yield Check("数据文件夹", ok=None, sentence=f"{home} 还不存在，首次运行时建立。")
        return
    if not os.access(home, os.W_OK | os.X_OK):
        yield Check("数据文件夹", ok=False, sentence=f"{home} 不能写入：请更改权限，或换一个 ZHENGJI_HOME。")
        return
    free = shutil.disk_usage(home).free
    enough = free >= _LEAST_FREE
    cure = "" if enough else "，不足 5 GB，请清理磁盘"
    yield Check("数据文件夹", ok=enough, sentence=f"{home} 可以写入，磁盘剩余 {free / _GIB:.1f} GB{cure}。")
    if not settings.database_url and not (home / "zhengji.db").exists():
        yield Check("数据库", ok=None, sentence="还没有建立，首次运行时建立。")
        return
    try:
        store = open_store(settings.database_url, home, migrate=False)
    except StoreError as error:
        yield Check("数据库", ok=False, sentence=str(error))
        return
    try:
        yield from _store(store, settings, now)
    finally:
        store.close()


def _store(store: Store, settings: Settings, now: datetime) -> Iterator[Check]:
    fault = schema_fault(store)
    if fault:
        yield Check("数据库", ok=False, sentence=fault)
        return
    try:
        with store.reading() as session:
            seasons = tuple(machine.season(session, now))
            went_out = bool(outbox.in_state(session, LetterState.SENT))
            counts = messages.counts(session)
            sample = messages.newest(session, _SAMPLE)
            statistic = copy_statistic(session)
            letters = outbox.newest(session, _SAMPLE)
    except DATABASE_ERRORS as error:
        untold = f"读不出数据（{type(error).__name__}）：请从备份恢复 zhengji.db，再运行一次。"
        sentence = sentence_of(error) or untold
        yield Check("数据库", ok=False, sentence=sentence)
        return
    yield Check("数据库", ok=True, sentence=f"可以读取，来信 {sum(counts.values())} 封。")
    broken = [sha256 for sha256 in sample if not store.blobs.verify(sha256)]
    told = f"最新 {len(sample)} 封原件校验一致。" if not broken else f"原件 {broken[0]} 缺失或损坏，请从备份恢复。"
    yield Check("原件", ok=not broken, sentence=told)
    yield _letters(store, letters)
    yield from machine.folder_and_secret(settings, letters_went_out=went_out)
    yield from seasons
    looked = statistic.seen + statistic.missing
    copies = f"查过 {looked} 封已发回信，{statistic.seen} 封在“已发送”中有副本"
    proof = "，结果不明的回信可以自动核对。" if statistic.proved else "，尚不足为证，结果不明的回信会留给经办。"
    yield Check("已发送副本", ok=True if statistic.proved else None, sentence=copies + proof)


def _letters(store: Store, letters: tuple[LetterRow, ...]) -> Check:
    """Put the newest letters together from the blobs, as they would be sent."""
    for row in letters:
        try:
            thaw(store.blobs, outbox.frozen_of(row))
        except DamagedLetter as damaged:
            return Check("回信定稿", ok=False, sentence=f"第 {row.id} 号回信：{damaged}")
    return Check("回信定稿", ok=True, sentence=f"还没有发出的和最新的共 {len(letters)} 封，定稿校验一致。")


def _programs() -> Iterator[Check]:
    for program, use in _PROGRAMS.items():
        found = shutil.which(program)
        cure = f"不能{use}；可以运行 scripts/install-system-packages run 安装"
        told = f"{program} 在 {found}。" if found else f"没有安装 {program}，{cure}。"
        yield Check("程序", ok=True if found else None, sentence=told)
    yield _font()


def _font() -> Check:
    try:
        import pylopdf_fonts_zh_cn  # noqa: PLC0415 - only to see whether it is there
    except ImportError:
        sentence = "没有中文字体包 pylopdf-fonts-zh-cn，简报图表会缺字：请重新安装依赖。"
        return Check("中文字体", ok=False, sentence=sentence)
    return Check("中文字体", ok=True, sentence=f"在 {Path(pylopdf_fonts_zh_cn.__file__ or '').parent}。")
