"""``zhengji read --json`` prints where every byte of a mail and every entry of its archives went, and both sum."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

from config.load import find_call, load_call
from flows.steps.dry_run.read_files import describe_paths, lines_of


def packed() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("说明/一.txt", "甲")
        archive.writestr("Thumbs.db", b"x")
    return out.getvalue()


def test_both_accounts_are_printed_and_sum(tmp_path: Path) -> None:
    head = b"From: a@firm.example\r\nSubject: x\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    file = b'Content-Type: application/zip; name="a.zip"\r\n\r\n'
    raw = head + b"--b\r\n\r\nhello\r\n--b\r\n" + file + packed() + b"\r\n--b--\r\n"
    (tmp_path / "one.eml").write_bytes(raw)
    (described,) = describe_paths([tmp_path], load_call(find_call("cases-2026")), ocr=False)
    account, entries = described["bytes"], described["entries"]
    assert account == {
        "size": len(raw),
        "headers": len(head + b"\r\n" + file),
        "texts": 5,
        "files": len(packed()),
        "separators": len(b"--b\r\n" + b"\r\n--b\r\n" + b"\r\n--b--\r\n"),
        "told": 0,
        "loose": 0,
    }
    assert account["size"] == sum(account.values()) - account["size"]
    assert entries == {"listed": 2, "files": 1, "opened": 0, "folders": 0, "clutter": 1, "told": 0}
    assert "  = 条目账：共 2 = 文件 1 + 展开 0 + 文件夹 0 + 系统杂项 1 + 未取出并已说明 0" in lines_of(described)
