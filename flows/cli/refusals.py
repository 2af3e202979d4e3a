"""Which exceptions are refusals (拒绝的理由): told in a sentence each, never as a traceback."""

from __future__ import annotations

import errno
import tempfile
import traceback
from collections.abc import Iterator
from pathlib import Path

from config.load import CallFault
from config.logs import mask
from config.settings import SettingsFault
from flows.steps.holding import HeldError
from flows.steps.orchestrator import OrchestratorError
from flows.transport.ports import TransportError
from store.engine import StoreError, sentence_of

_SYSTEM = {
    errno.ENOSPC: "磁盘已满，写不进 {where}：请清理磁盘后再运行一次；已收的都在，没有收的来信都还在邮箱里。",
    errno.EDQUOT: "磁盘配额已满，写不进 {where}：请清理磁盘或提高配额后再运行一次；已收的都在。",
    errno.EROFS: "{where} 所在的磁盘是只读的：请改为可写（或换一个 ZHENGJI_HOME、换一个输出位置）后再运行。",
    errno.EACCES: "没有权限读写 {where}：请更改它的权限（或换一个 ZHENGJI_HOME、换一个输出位置）后再运行。",
    errno.EPERM: "没有权限读写 {where}：请更改它的权限（或换一个 ZHENGJI_HOME、换一个输出位置）后再运行。",
    errno.ENOENT: "{where} 不存在或不能建立：请检查路径（ZHENGJI_HOME，或命令中写的输出位置）后再运行。",
    errno.ENOTDIR: "{where} 的上级不是文件夹：请检查路径（ZHENGJI_HOME，或命令中写的输出位置）后再运行。",
    errno.EEXIST: "{where} 已经存在而不是文件夹：请移走它，或换一个位置。",
    errno.EISDIR: "{where} 是文件夹，不是文件：请换一个文件名。",
    errno.ENAMETOOLONG: "{where} 的名称太长：请换一个短的路径。",
    errno.EMFILE: "打开的文件太多：请提高系统限制（ulimit -n）后再运行。",
    errno.ENFILE: "系统打开的文件太多：请关闭不用的程序后再运行。",
    errno.ENOMEM: "内存不足：请关闭不用的程序，或减小 ZHENGJI_READER_WORKERS 后再运行。",
    errno.EIO: "磁盘读写出错（{where}）：磁盘可能有故障，请先备份数据文件夹，再检查磁盘。",
}
"""What the operating system says, by its number, with the cure."""


def sentences_of(error: BaseException) -> tuple[str, ...]:
    """Return the sentences that tell a person what is wrong and how to mend it; empty where it is our own fault."""
    if isinstance(error, SettingsFault | CallFault):
        return tuple(str(fault) for fault in error.faults)
    if isinstance(error, TransportError):
        return (error.sentence,)
    if isinstance(error, StoreError | OrchestratorError | HeldError):
        return (str(error),)
    told = sentence_of(error) or _of_the_machine(error)
    return (told,) if told else ()


def _of_the_machine(error: BaseException) -> str:
    """Say what the system or the network refused; empty where it was neither."""
    for cause in _causes(error):
        if isinstance(cause, OSError) and cause.errno in _SYSTEM:
            return _SYSTEM[cause.errno].format(where=cause.filename or "输出")
        if isinstance(cause, MemoryError):
            return _SYSTEM[errno.ENOMEM]
        if type(cause).__module__.partition(".")[0] in {"httpx", "httpcore"}:
            return "Prefect 服务没有应答或中途断开：请重新运行 zhengji serve；收到的来信都在，不会重复回信。"
    return ""


def our_own_fault(error: BaseException) -> str:
    """Keep the details of a fault of ours in a file, masked, and return the sentence that a person is told."""
    told = mask("".join(traceback.format_exception(error)))
    where = ""
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", prefix="zhengji-error-", suffix=".txt", delete=False
        ) as sink:
            sink.write(told)
            where = f"，详情在 {Path(sink.name)}"
    except OSError:
        where = f"，{told.strip().splitlines()[-1][:200]}"
    return f"程序本身出错（{type(error).__name__}）{where}：请把它交给维护者；已收的都在，可以再运行一次试试。"


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Give an exception and those behind it: what it was raised from, and what it carries as an argument."""
    seen: list[BaseException] = [error]
    for one in seen:
        yield one
        behind = [one.__cause__, one.__context__, *one.args]
        behind += list(one.exceptions) if isinstance(one, BaseExceptionGroup) else []
        seen += [next_one for next_one in behind if isinstance(next_one, BaseException) and next_one not in seen]
