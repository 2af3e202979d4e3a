"""Which folders are polled (收取哪些文件夹), and which of them had to be left out: one that fails stops no other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from flows.transport.ports import FolderRole, RemoteFolder, TransportError
from store import watermarks
from store.engine import Transaction
from store.mails import messages

LEFT_OUT = "intake:folder:"
"""Before a folder's name: the sentence that says why it is not polled; written when that began."""

_REMEMBERED = timedelta(days=7)
"""So long a folder that was polled is missed once the server lists it no more."""


def folders_to_poll(folders: Sequence[RemoteFolder], wanted: Sequence[str] = ()) -> tuple[RemoteFolder, ...]:
    """Return the folders to poll, the inbox first; ``TransportError`` where none of the wanted ones is there."""
    if wanted:
        there = {folder.name: folder for folder in folders}
        chosen = tuple(there[name] for name in wanted if name in there)
        if not chosen:
            raise TransportError(_not_there(wanted[0], folders), permanent=True)
        return chosen
    polled = [folder for folder in folders if folder.role in {FolderRole.INBOX, FolderRole.JUNK}]
    return tuple(sorted(polled, key=lambda folder: folder.role is not FolderRole.INBOX))


def folders_missed(
    session: Transaction, account: str, folders: Sequence[RemoteFolder], wanted: Sequence[str], now: datetime
) -> dict[str, str]:
    """Return what should be polled and is not listed, each with a sentence: wrongly named, renamed, or deleted."""
    there = {folder.name for folder in folders}
    if wanted:
        cure = "其他文件夹照常收取"
        return {name: f"{_not_there(name, folders).rstrip('。')}；{cure}。" for name in wanted if name not in there}
    polled = messages.folders_polled_since(session, account, now - _REMEMBERED)
    cure = "请在网页邮箱核对；改了名的请写进 ZHENGJI_IMAP_FOLDERS"
    return {
        name: f"收过信的文件夹“{name}”不见了，可能被改名或删除，其中的来信收不到：{cure}。"
        for name in polled
        if name not in there
    }


def left_out(session: Transaction) -> dict[str, tuple[str, datetime | None]]:
    """Return the folders that are not polled though they should be: why, and since when."""
    told = watermarks.starting_with(session, LEFT_OUT)
    return {key[len(LEFT_OUT) :]: (why, watermarks.written_at(session, key)) for key, why in told.items()}


def note_left_out(session: Transaction, why: Mapping[str, str], now: datetime, *, whole: bool) -> None:
    """Write down which folders are left out from now on.

    Where the ``whole`` mailbox was seen, what was left out before and is not named now is well again.
    """
    before = left_out(session)
    for name in before.keys() - why.keys() if whole else ():
        watermarks.drop(session, LEFT_OUT + name)
    for name, sentence in why.items():
        since = before[name][1] if name in before else now
        watermarks.put(session, LEFT_OUT + name, sentence, since or now)


def _not_there(name: str, folders: Sequence[RemoteFolder]) -> str:
    names = "、".join(folder.name for folder in folders)
    return f"邮箱里没有文件夹“{name}”：请改正 ZHENGJI_IMAP_FOLDERS，现有：{names}。"
