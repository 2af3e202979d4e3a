"""A small IMAP server on this machine (演示用收信服务器): exactly the commands that zhengji uses, over a ``Letterbox``.

It serves mails byte for byte with the INTERNALDATE they were given, which the IMAP servers in the package index do
not (pymap 0.36 changes 8-bit headers and has no special folders), and it passes the same contract tests as Dovecot. It
is for the demo and for tests: one account, no encryption, bound to the loopback address by its caller.
"""

from __future__ import annotations

import re
import socketserver
from datetime import UTC, datetime
from typing import cast

from flows.demo.letterbox import Folder, Letterbox, StoredMail
from flows.transport.folders import decode_name, encode_name

CAPABILITIES = "IMAP4rev1 ID LITERAL+ SPECIAL-USE UIDPLUS"

_LITERAL = re.compile(rb"\{(\d+)(\+?)\}$")
_WORD = re.compile(rb'"((?:[^"\\]|\\.)*)"|(\{(\d+)\+?\}\r\n)|([^\s"]+)')
_PARTIAL = re.compile(rb"BODY\.PEEK\[\]<(\d+)\.(\d+)>|BODY\[\]<(\d+)\.(\d+)>", re.IGNORECASE)
_FIELDS = re.compile(rb"BODY(?:\.PEEK)?\[HEADER\.FIELDS \(([^)]*)\)\]", re.IGNORECASE)
_WHOLE = re.compile(rb"BODY(?:\.PEEK)?\[\](?!<)", re.IGNORECASE)
_MOMENT = re.compile(r"( ?\d{1,2})-(\w{3})-(\d{4}) (\d\d:\d\d:\d\d) ([+-]\d{4})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class ImapServer(socketserver.ThreadingTCPServer):
    """Serves one letterbox to whoever knows the password."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, address: tuple[str, int], letterbox: Letterbox, user: str, password: str) -> None:
        self.letterbox = letterbox
        self.user = user
        self.password = password
        super().__init__(address, _Session)


class _Refused(Exception):  # noqa: N818 - an answer, not an error of ours
    """The command is answered NO or BAD with this text."""

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(text)
        self.answer = f"{kind} {text}"


class _Session(socketserver.StreamRequestHandler):
    """One connection. Answers are gathered and sent whole: small packets would wait 40 ms for each other."""

    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    user_known = False
    folder: Folder | None = None

    def handle(self) -> None:
        """Answer commands until LOGOUT or the end of the line."""
        self.letterbox = cast(ImapServer, self.server).letterbox
        try:
            self._say(f"* OK [CAPABILITY {CAPABILITIES}] zhengji demo IMAP ready")
            self.wfile.flush()
            while (command := self._command()) is not None and self._answer(command):
                pass
        except (ConnectionError, TimeoutError):
            return

    def _answer(self, command: bytes) -> bool:
        tag, _, rest = command.partition(b" ")
        name, _, arguments = rest.partition(b" ")
        verb = name.upper().decode("ascii", errors="replace")
        if verb == "UID":
            name, _, arguments = arguments.partition(b" ")
            verb = f"UID {name.upper().decode('ascii', errors='replace')}"
        try:
            self._run(verb, arguments)
            result = f"OK {verb} completed"
        except _Refused as refused:
            result = refused.answer
        self._say(f"{tag.decode('ascii', errors='replace')} {result}")
        self.wfile.flush()
        return verb != "LOGOUT"

    def _run(self, verb: str, arguments: bytes) -> None:
        before_login = {"LOGIN": self._login}
        anyone = {"CAPABILITY": self._capability, "NOOP": self._nothing, "LOGOUT": self._logout, "ID": self._id}
        after_login = {
            "LIST": self._list,
            "EXAMINE": self._examine,
            "STATUS": self._status,
            "APPEND": self._append,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
        }
        if verb in anyone:
            anyone[verb](arguments)
        elif verb in before_login:
            before_login[verb](arguments)
        elif verb not in after_login:
            raise _Refused("BAD", "command unknown or not served here")
        elif not self.user_known:
            raise _Refused("NO", "please log in first")
        else:
            after_login[verb](arguments)

    def _nothing(self, _arguments: bytes) -> None:
        """Do nothing, as NOOP asks."""

    def _capability(self, _arguments: bytes) -> None:
        self._say(f"* CAPABILITY {CAPABILITIES}")

    def _logout(self, _arguments: bytes) -> None:
        self._say("* BYE see you")

    def _id(self, _arguments: bytes) -> None:
        self._say('* ID ("name" "zhengji-demo")')

    def _login(self, arguments: bytes) -> None:
        server = cast(ImapServer, self.server)
        if _words(arguments)[:2] != [server.user.encode(), server.password.encode()]:
            raise _Refused("NO", "[AUTHENTICATIONFAILED] user name or authorisation code is wrong")
        self.user_known = True

    def _list(self, _arguments: bytes) -> None:
        for folder in self.letterbox.folders():
            flags = " ".join(filter(None, ["\\HasNoChildren", folder.special]))
            self._say(f'* LIST ({flags}) "/" "{encode_name(folder.name)}"')

    def _examine(self, arguments: bytes) -> None:
        folder = self.folder = self._named(arguments)
        self._say(f"* {len(folder.mails)} EXISTS")
        self._say("* 0 RECENT")
        self._say("* FLAGS (\\Answered \\Seen \\Deleted \\Draft \\Flagged)")
        self._say("* OK [PERMANENTFLAGS ()] read-only")
        self._say(f"* OK [UIDVALIDITY {folder.uidvalidity}] ok")
        self._say(f"* OK [UIDNEXT {folder.next_uid}] ok")

    def _status(self, arguments: bytes) -> None:
        folder = self._named(arguments)
        name = encode_name(folder.name)
        counts = f"MESSAGES {len(folder.mails)} UIDNEXT {folder.next_uid} UIDVALIDITY {folder.uidvalidity}"
        self._say(f'* STATUS "{name}" ({counts})')

    def _append(self, arguments: bytes) -> None:
        head, _, raw = arguments.partition(b"}\r\n")
        folder = self._named(head)
        moment = _MOMENT.search(head.decode("ascii", errors="replace"))
        received = _moment(moment) if moment else datetime.now(UTC)
        self.letterbox.deliver(raw, received, folder.name)

    def _search(self, arguments: bytes) -> None:
        if arguments.strip().upper() != b"ALL":
            raise _Refused("BAD", "only SEARCH ALL is served")
        uids = " ".join(str(mail.uid) for mail in self.letterbox.mails(self._opened().name))
        self._say(f"* SEARCH {uids}".rstrip())

    def _fetch(self, arguments: bytes) -> None:
        wanted, _, items = arguments.partition(b" ")
        mails = self.letterbox.mails(self._opened().name)
        numbers = {mail.uid: number for number, mail in enumerate(mails, start=1)}
        asked = {int(uid) for uid in wanted.split(b",") if uid.isdigit()}
        for mail in mails:
            if mail.uid in asked:
                answer = b" ".join([b"UID %d" % mail.uid, *_items(mail, items)])
                self.wfile.write(b"* %d FETCH (" % numbers[mail.uid] + answer + b")\r\n")

    def _opened(self) -> Folder:
        if self.folder is None:
            raise _Refused("BAD", "no folder is open")
        return self.folder

    def _named(self, arguments: bytes) -> Folder:
        words = _words(arguments)
        folder = self.letterbox.folder(decode_name(words[0])) if words else None
        if folder is None:
            raise _Refused("NO", "[NONEXISTENT] no such folder")
        return folder

    def _command(self) -> bytes | None:
        """Read one command with its literals; None at the end of the line."""
        command = b""
        while True:
            line = self.rfile.readline(65_536)
            if not line.endswith(b"\n"):
                return None
            line = line.rstrip(b"\r\n")
            literal = _LITERAL.search(line)
            if literal is None:
                return command + line
            if not literal[2]:
                self._say("+ go on")
                self.wfile.flush()
            command += line + b"\r\n" + self.rfile.read(int(literal[1]))

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")


def _items(mail: StoredMail, asked: bytes) -> list[bytes]:
    """Return the answer to each asked item, in a fixed order."""
    upper, answer = asked.upper(), []
    if b"RFC822.SIZE" in upper:
        answer.append(b"RFC822.SIZE %d" % len(mail.raw))
    if b"INTERNALDATE" in upper:
        answer.append(b'INTERNALDATE "%s"' % _written(mail.received).encode("ascii"))
    if b"FLAGS" in upper:
        answer.append(b"FLAGS ()")
    if partial := _PARTIAL.search(asked):
        start, length = (int(group) for group in partial.groups() if group is not None)
        answer.append(_literal(b"BODY[]<%d>" % start, mail.raw[start : start + length]))
    if fields := _FIELDS.search(asked):
        names = {name.lower() for name in fields[1].split()}
        answer.append(_literal(b"BODY[HEADER.FIELDS (" + fields[1] + b")]", _header_fields(mail.raw, names)))
    if _WHOLE.search(asked):
        answer.append(_literal(b"BODY[]", mail.raw))
    return answer


def _literal(key: bytes, data: bytes) -> bytes:
    return key + b" {%d}\r\n" % len(data) + data


def _header_fields(raw: bytes, names: set[bytes]) -> bytes:
    head = raw.partition(b"\r\n\r\n")[0]
    fields = re.split(rb"\r\n(?![ \t])", head)
    chosen = [field for field in fields if field.partition(b":")[0].strip().lower() in names]
    return b"".join(field + b"\r\n" for field in chosen) + b"\r\n"


def _words(arguments: bytes) -> list[bytes]:
    """Split arguments into words; quoted ones without their quotes."""
    found = []
    for match in _WORD.finditer(arguments):
        quoted, bare = match[1], match[4]
        found.append(re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else bare or b"")
    return found


def _written(moment: datetime) -> str:
    """Write a moment as INTERNALDATE wants it: ``30-May-2026 23:58:00 +0800``."""
    return f"{moment.day:2d}-{_MONTHS[moment.month - 1]}-{moment:%Y %H:%M:%S %z}"


def _moment(match: re.Match[str]) -> datetime:
    day, month, year, clock, zone = match.groups()
    number = _MONTHS.index(month.title()) + 1
    return datetime.strptime(f"{year}-{number:02d}-{int(day):02d} {clock} {zone}", "%Y-%m-%d %H:%M:%S %z")
