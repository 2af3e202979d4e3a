"""Reading mails: ours beside mail-parser alone, the standard library, imap-tools, eml-parser and fast-mail-parser.

    python bench/mail.py            right answers over the golden mails, then speed and peak memory
    python bench/mail.py answers    only the right answers
    python bench/mail.py speed      only speed and memory
    python bench/mail.py bombs      hostile mails of tens of megabytes: seconds and peak of one child each

Right means: subject, sender's name and address, the text, and every file's name and bytes, all exact. Where the sender
gave a file no name, any name of theirs counts. Every speed and memory figure comes from a child process of its own,
the best of three. Seconds are the processor's, for the machine is shared. Memory is the peak beyond what the child held
before it read the mail, which it held already; the multiple counts both. Ratios within one run are what counts.
"""

# ruff: noqa: PLC0415, E501 - each child imports only what it measures, so that its memory is its own; rows stay rows

from __future__ import annotations

import base64
import json
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

Read = tuple[str, str, str, str, list[tuple[str, bytes]]]
"""Subject, sender's name, sender's address, text, files."""
SIZES = {"5 KB": 5_000, "0.5 MB": 500_000, "10 MB": 10_000_000, "30 MB": 30_000_000}


def ours() -> Callable[[bytes], Read]:
    from parsers.mail.message import decode_mail

    def read(raw: bytes) -> Read:
        mail = decode_mail(raw)
        return (
            mail.subject,
            mail.sender.name,
            mail.sender.address,
            mail.text,
            [(part.name, part.data) for part in mail.parts],
        )

    return read


def ours_spooled() -> Callable[[bytes], Read]:
    """As the line uses it: every file goes to a folder as soon as it is decoded."""
    from parsers.facts.spool import FolderSpool
    from parsers.mail.message import decode_mail

    folder = tempfile.TemporaryDirectory()

    def read(raw: bytes) -> Read:
        spool = FolderSpool(Path(folder.name))
        mail = decode_mail(raw, spool)
        return mail.subject, mail.sender.name, mail.sender.address, mail.text, [(part.name, b"") for part in mail.parts]

    read.keep = folder  # type: ignore[attr-defined]
    return read


def mail_parser() -> Callable[[bytes], Read]:
    import mailparser

    def read(raw: bytes) -> Read:
        mail = mailparser.parse_from_bytes(raw)
        name, address = (mail.from_ or [("", "")])[0]
        files = [
            (one["filename"], base64.b64decode(one["payload"]) if one["binary"] else one["payload"].encode())
            for one in mail.attachments
        ]
        return str(mail.subject), name, address, "\n".join(mail.text_plain), files

    return read


def standard() -> Callable[[bytes], Read]:
    import email
    from email.policy import default
    from email.utils import parseaddr

    def read(raw: bytes) -> Read:
        mail = email.message_from_bytes(raw, policy=default)
        sender = mail["From"]
        first = sender.addresses[0] if sender is not None and getattr(sender, "addresses", ()) else None
        name, address = (first.display_name, first.addr_spec) if first else parseaddr(str(sender or ""))
        body = mail.get_body(("plain",))
        files = [(one.get_filename() or "", one.get_payload(decode=True) or b"") for one in mail.iter_attachments()]
        return str(mail["Subject"] or ""), name, address, body.get_content() if body else "", files

    return read


def imap_tools() -> Callable[[bytes], Read]:
    from imap_tools import MailMessage

    def read(raw: bytes) -> Read:
        mail = MailMessage.from_bytes(raw)
        sender = mail.from_values
        files = [(one.filename, one.payload) for one in mail.attachments]
        return mail.subject, sender.name if sender else "", sender.email if sender else "", mail.text, files

    return read


def eml_parser() -> Callable[[bytes], Read]:
    from email.utils import parseaddr

    import eml_parser as library

    parser = library.EmlParser(include_raw_body=True, include_attachment_data=True)

    def read(raw: bytes) -> Read:
        mail = parser.decode_email_bytes(raw)
        name, address = parseaddr((mail["header"]["header"].get("from") or [""])[0])
        text = "\n".join(
            body.get("content", "") for body in mail.get("body", ()) if body.get("content_type") == "text/plain"
        )
        files = [(one["filename"], base64.b64decode(one["raw"])) for one in mail.get("attachment", ())]
        return mail["header"].get("subject", ""), name, address, text, files

    return read


def fast_mail_parser() -> Callable[[bytes], Read]:
    from fast_mail_parser import parse_email

    def read(raw: bytes) -> Read:
        mail = parse_email(raw)
        name, address = ((mail.from_.display_name or ""), (mail.from_.address or "")) if mail.from_ else ("", "")
        return (
            mail.subject,
            name,
            address,
            "\n".join(mail.text_plain),
            [(one.filename, one.content) for one in mail.attachments],
        )

    return read


READERS: dict[str, Callable[[], Callable[[bytes], Read]]] = {
    "zhengji": ours,
    "zhengji, spooled": ours_spooled,
    "mail-parser": mail_parser,
    "standard library": standard,
    "imap-tools": imap_tools,
    "eml-parser": eml_parser,
    "fast-mail-parser": fast_mail_parser,
}


def same(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def right(read: Callable[[bytes], Read], golden) -> bool:
    import hashlib

    try:
        subject, name, address, text, files = read(golden.raw)
        if (same(subject), same(name), address.lower()) != (golden.subject, *golden.sender) or same(text) != same(
            golden.text
        ):
            return False
        got = [(file or "", len(data), hashlib.sha256(data).hexdigest()) for file, data in files]
    except Exception:  # noqa: BLE001 - an error is a wrong answer
        return False
    want = [(named, size, sha256) for _path, named, size, sha256 in golden.parts]
    if len(got) != len(want):
        return False
    return all(a[1:] == b[1:] and (a[0] == b[0] or b[0].startswith("附件")) for a, b in zip(got, want, strict=True))


def answers() -> None:
    import logging

    from tests.goldens_mail import all_goldens

    logging.disable(logging.CRITICAL)
    goldens = all_goldens()
    families = sorted({golden.name.split(":")[0] for golden in goldens})
    print("right answers over the golden mails")
    print(f"{'':20}" + "".join(f"{family:>12}" for family in families) + f"{'Chinese':>12}{'all':>12}")
    for label, make in READERS.items():
        if label == "zhengji, spooled":
            continue
        read = make()
        won = {golden.name: right(read, golden) for golden in goldens}
        cells = [
            f"{sum(won[g.name] for g in goldens if g.name.startswith(f + ':'))}/{sum(g.name.startswith(f + ':') for g in goldens)}"
            for f in families
        ]
        chinese = f"{sum(won[g.name] for g in goldens if g.chinese)}/{sum(g.chinese for g in goldens)}"
        print(
            f"{label:20}" + "".join(f"{cell:>12}" for cell in [*cells, chinese, f"{sum(won.values())}/{len(goldens)}"])
        )


def made(size: int) -> bytes:
    """A mail as QQ sends it: text, HTML, and attachments that fill it up to about this size."""
    from tests.goldens_mail.kit import file_part, head, inner, joined, plain_part, word

    chance = random.Random(size)
    text = "尊敬的老师：您好！附件为我公司申报材料，请查收。\n" * 4
    page = (
        b"Content-Type: text/html; charset=gb18030\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + base64.encodebytes(f"<div>{text}</div>".encode("gb18030"))
    )
    parts = [inner([plain_part(text, "gb18030"), page], b"----=_alt", b"alternative")]
    room = max(400, size - 2_600)
    shares = [room] if size < 100_000 else [room * 6 // 10, room * 3 // 10, room // 10]
    for number, share in enumerate(shares):
        name = b'"' + word(f"申报材料{number + 1}.pdf", "gb18030") + b'"'
        data = chance.randbytes(share * 3 // 4 * 76 // 78)
        parts.append(
            file_part(
                data,
                b"Content-Type: application/pdf; name=" + name,
                b"Content-Disposition: attachment; filename=" + name,
            )
        )
    boundary = b"----=_NextPart_665A1B2C_0E3F4A50"
    more = (
        b"X-QQ-MIME: TCMime 1.0 by Tencent",
        b"X-Mailer: QQMail 2.x",
        b'Content-Type: multipart/mixed; boundary="' + boundary + b'"',
    )
    return head(*more) + b"\r\n" + joined(parts, boundary)


def measure(label: str, size: int, path: Path) -> None:
    """In a child: print the seconds for one mail and the peak beyond what was held before, in bytes."""
    import logging

    logging.disable(logging.CRITICAL)
    raw = path.read_bytes()
    read = READERS[label]()
    small = raw[: 1 << 12] if size < 1 << 16 else made(SIZES["5 KB"])
    read(small)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    count = max(1, min(400, 4_000_000 // len(raw)))
    begin = time.process_time()
    for _ in range(count):
        read(raw)
    seconds = (time.process_time() - begin) / count
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": seconds, "peak": peak, "more": peak - before, "size": len(raw)}))


def again(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run this file again; the parent stays small, for a child's ru_maxrss begins with its parent's."""
    return subprocess.run(
        [sys.executable, str(Path(__file__).resolve()), *arguments],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )


def child(label: str, size: int, path: Path) -> dict[str, float]:
    done = again("measure", label, str(size), str(path))
    return json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}


def speed(rounds: int = 3) -> None:
    print(
        "\nspeed and peak memory: messages/s, MB/s, peak beyond the mail itself (and the whole as a multiple of the mail's size)"
    )
    print(f"{'':20}" + "".join(f"{name:>34}" for name in SIZES))
    with tempfile.TemporaryDirectory() as folder:
        paths = {}
        for name, size in SIZES.items():
            paths[name] = Path(folder) / str(size)
            again("make", str(size), str(paths[name]))
        for label in READERS:
            cells = []
            for name, size in SIZES.items():
                runs = [run for run in (child(label, size, paths[name]) for _ in range(rounds)) if run]
                if not runs:
                    cells.append("failed")
                    continue
                seconds, more = min(run["seconds"] for run in runs), min(run["more"] for run in runs)
                held = runs[0]["size"]
                memory = f" +{more / 1e6:.0f} MB ({1 + more / held:.1f}x)" if held > 100_000 else ""
                cells.append(f"{1 / seconds:.1f}/s {held / seconds / 1e6:.1f} MB/s{memory}")
            print(f"{label:20}" + "".join(f"{cell:>34}" for cell in cells), flush=True)


def bomb(name: str) -> None:
    """In a child: read one bomb through everything that reads words."""
    from tests.goldens_mail.bombs import bombs
    from tests.parsers.mail.test_properties import through_everything

    raw = bombs(10)[name]()
    Path("/proc/self/clear_refs").write_text("5")  # making it may have taken more than reading it: forget that peak
    begin = time.process_time()
    through_everything(raw)
    seconds = time.process_time() - begin
    peak = next(
        int(line.split()[1]) for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    print(json.dumps({"seconds": seconds, "peak": peak * 1024, "size": len(raw)}))


def all_bombs() -> None:
    from tests.goldens_mail.bombs import bombs

    print("hostile mails: size, seconds, peak memory of the whole child (mail and test tools counted)")
    for name in bombs():
        done = again("bomb", name)
        told = json.loads(done.stdout.splitlines()[-1]) if done.returncode == 0 else {}
        print(
            f"{name:34}"
            + (
                f"{told['size'] / 1e6:7.1f} MB {told['seconds']:6.2f} s {told['peak'] / 1e6:6.0f} MB"
                if told
                else "  FAILED"
            ),
            flush=True,
        )


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["measure", label, size, path]:
            measure(label, int(size), Path(path))
        case ["make", size, path]:
            Path(path).write_bytes(made(int(size)))
        case ["bomb", name]:
            bomb(name)
        case ["bombs"]:
            all_bombs()
        case ["answers"]:
            answers()
        case ["speed"]:
            speed()
        case _:
            print(again("answers").stdout)
            speed()
