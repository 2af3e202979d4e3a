"""What a folder of the mailbox is for (文件夹用途): by SPECIAL-USE where the server says it, else by its name."""

from __future__ import annotations

from collections.abc import Collection

from imapclient.imap_utf7 import decode, encode

from flows.transport.ports import FolderRole

_FLAGS = {
    b"\\sent": FolderRole.SENT,
    b"\\drafts": FolderRole.DRAFTS,
    b"\\junk": FolderRole.JUNK,
    b"\\spam": FolderRole.JUNK,
    b"\\inbox": FolderRole.INBOX,
}

_NAMES = {
    "inbox": FolderRole.INBOX,
    "收件箱": FolderRole.INBOX,
    "已发送": FolderRole.SENT,
    "sent": FolderRole.SENT,
    "sent messages": FolderRole.SENT,
    "sent items": FolderRole.SENT,
    "草稿箱": FolderRole.DRAFTS,
    "drafts": FolderRole.DRAFTS,
    "垃圾邮件": FolderRole.JUNK,
    "垃圾箱": FolderRole.JUNK,
    "病毒邮件": FolderRole.JUNK,
    "病毒文件夹": FolderRole.JUNK,
    "广告邮件": FolderRole.JUNK,
    "订阅邮件": FolderRole.JUNK,
    "junk": FolderRole.JUNK,
    "junk e-mail": FolderRole.JUNK,
    "junk email": FolderRole.JUNK,
    "spam": FolderRole.JUNK,
}


def role_of(name: str, flags: Collection[bytes], delimiter: str = "/") -> FolderRole:
    """Return the role of a folder from its flags and its decoded name; ``OTHER`` where neither tells."""
    if name.upper() == "INBOX":
        return FolderRole.INBOX
    for flag in flags:
        role = _FLAGS.get(flag.lower())
        if role is not None:
            return role
    last = name.rpartition(delimiter)[2] if delimiter else name
    return _NAMES.get(last.lower(), FolderRole.OTHER)


def decode_name(name: bytes) -> str:
    """Return a folder's name as people read it: ``&XfJT0ZAB-`` is 已发送 (modified UTF-7, RFC 3501 5.1.3)."""
    return str(decode(name))


def encode_name(name: str) -> str:
    """Return a folder's name as it travels; the reverse of ``decode_name``."""
    return bytes(encode(name)).decode("ascii")
