"""What the doctor sees of the machine and of the season (机器与状态): who may read, who runs, what stands still."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime

from config.process import child_environment
from config.settings import Settings
from flows.steps.deliver import sending_state
from flows.steps.dry_run.check import Check
from flows.steps.holding import port_is_free, serve_that_runs
from flows.steps.intake import pause
from flows.steps.orchestrator import OrchestratorError, require_port, require_server
from store import watermarks
from store.engine import Transaction
from store.letters import earlier_letters, outbox
from store.mails import messages
from store.states import LetterState, MessageState

_FEW = 3
"""From so many on, all of one kind is no chance: the machine, not the mails, is at fault."""


def folder_and_secret(settings: Settings, *, letters_went_out: bool) -> Iterator[Check]:
    """Look who may read the data folder, and whether the key of our thread tokens is there."""
    home = settings.home
    if home.stat().st_mode & 0o077:
        cure = f"请运行 chmod 700 {home}（下次启动也会自动收紧）"
        yield Check("数据文件夹", ok=None, sentence=f"{home} 其他用户也能进入，里面是申报单位的材料：{cure}。")
    if settings.secret.get_secret_value():
        return
    path = home / "secret"
    if not path.exists():
        if letters_went_out:
            cure = "请从备份恢复它；没有备份时，旧信的受理标记不再认得，回信仍可按邮件编号归属"
            yield Check("密钥", ok=False, sentence=f"{path} 不在，而已经发过回信：{cure}。")
        return
    if not path.read_bytes().strip():
        yield Check("密钥", ok=False, sentence=f"{path} 是空的：请从备份恢复，没有备份则删去它，重新生成。")
    elif path.stat().st_mode & 0o077:
        yield Check("密钥", ok=False, sentence=f"{path} 其他用户也能读：请运行 chmod 600 {path}。")
    else:
        yield Check("密钥", ok=True, sentence=f"在 {path}，只有本用户能读。")


def service(settings: Settings) -> Check:
    """Look whether serve runs or could start."""
    running = serve_that_runs(settings.home)
    if running:
        return Check("服务", ok=True, sentence=running)
    try:
        if settings.prefect_api_url:
            require_server(settings.prefect_api_url)
        elif not port_is_free(settings.ui_port):
            require_port(settings.ui_port)
    except OrchestratorError as error:
        return Check("服务", ok=False, sentence=str(error))
    return Check("服务", ok=True, sentence="没有在运行，可以启动（zhengji serve）。")


def children() -> Check:
    """Try in a process of its own what a reading process gives up."""
    asks = (
        "import sys; from pathlib import Path; from parsers.sandbox.isolation import isolate\n"
        "held = isolate(Path(sys.argv[1]), ())\n"
        "print(int(held.namespace), int(held.sockets), int(held.folder))"
    )
    ended = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", asks, "/nonexistent"],
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
        env=child_environment({"PYTHONSAFEPATH": "1"}),
    )
    namespace, sockets, folder = ([*ended.stdout.split(), "0", "0", "0"])[:3]
    if "1" not in (namespace, sockets):
        cure = "本机不允许网络隔离（unshare 与 seccomp 都被拒绝），请换一个容器或系统设置"
        return Check("读取进程", ok=None, sentence=f"不能断开网络：{cure}。")
    if folder != "1":
        return Check(
            "读取进程", ok=None, sentence="没有网络；系统没有 Landlock，挡不住它读数据文件夹（内核 5.13 起可以）。"
        )
    return Check("读取进程", ok=True, sentence="没有网络，只看得到自己那封来信。")


def season(session: Transaction, now: datetime) -> Iterator[Check]:
    """Name what has come to a stop: mails set aside, letters of unknown fate, pauses, a clock that stood wrong."""
    counts = messages.counts(session)
    aside = counts.get(MessageState.QUARANTINED, 0)
    if aside >= _FEW and not counts.get(MessageState.EXAMINED, 0):
        cure = "多半是程序或机器的问题：请看日志，更新后用 zhengji desk reread 重读"
        yield Check("来信", ok=False, sentence=f"{aside} 封来信全部隔离，没有一封读成：{cure}。")
    unknown, sent = (len(outbox.in_state(session, one)) for one in (LetterState.UNKNOWN, LetterState.SENT))
    if unknown >= _FEW and not sent:
        cure = "请到邮箱的“已发送”中查对，再在经办处逐封处理；并检查发信线路"
        yield Check("回信", ok=False, sentence=f"{unknown} 封回信全部结果不明，没有一封确知发出：{cure}。")
    if older := earlier_letters.older_state(session):
        yield Check("数据库", ok=False, sentence=older.sentence())
    if stopped := watermarks.get(session, sending_state.STOPPED):
        cure = "处理后运行 zhengji desk sending --stop false"
        yield Check("发信", ok=None, sentence=f"发信已停止：{stopped.rstrip('。')}；{cure}。")
    waits = [
        ("收信暂停", pause.PAUSE_KEY, pause.LONGEST),
        *(("发信暂停", key, longest) for key, longest in sending_state.LONGEST.items()),
    ]
    for name, key, longest in waits:
        until = watermarks.moment(session, key)
        if until is None or until <= now:
            continue
        far = until > now + longest
        why = "，比最长的还远，写下时时钟走错了（会自动改短）：请核对机器的时钟" if far else "，到时自动恢复"
        yield Check(name, ok=None, sentence=f"到 {until.astimezone():%m-%d %H:%M}{why}。")
    last = watermarks.moment(session, pause.SUCCESS_KEY)
    if last is not None and last > now:
        told = f"上次收信记在 {last.astimezone():%Y-%m-%d %H:%M}，比现在还晚"
        yield Check("时钟", ok=False, sentence=f"{told}：机器的时钟走错过，请开启网络校时（NTP）。")
