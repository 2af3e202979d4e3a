"""A real Dovecot of our own: its folder, its ports, its users; no system service and nothing left behind."""

from __future__ import annotations

import contextlib
import getpass
import grp
import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from imapclient import IMAPClient

from tests.servers.certificates import Certificates, make_certificates

PROGRAM = shutil.which("dovecot") or ("/usr/sbin/dovecot" if Path("/usr/sbin/dovecot").exists() else None)
PASSWORD = "kxqzvbnmasdfghjk"
DOMAIN = "163.example"
USERS = 400

FOLDERS = (
    ("草稿箱", "\\Drafts"),
    ("已发送", "\\Sent"),
    ("已删除", "\\Trash"),
    ("垃圾邮件", "\\Junk"),
    ("病毒邮件", ""),
    ("广告邮件", ""),
    ("订阅邮件", ""),
)


class Dovecot:
    """One running server. ``new_user`` gives a login that nobody used before."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port, self.tls_port = free_port(), free_port()
        self.certificates: Certificates = make_certificates(folder)
        self._users = iter(range(USERS))
        self._process: subprocess.Popen[bytes] | None = None

    def new_user(self) -> str:
        return f"u{next(self._users)}@{DOMAIN}"

    def admin(self, user: str) -> IMAPClient:
        """The other client: staff at the web mailbox, or the server's own delivery."""
        client = IMAPClient("127.0.0.1", port=self.port, ssl=False, timeout=30)
        client.normalise_times = False
        client.login(user, PASSWORD)
        return client

    def start(self) -> None:
        config = self.folder / "dovecot.conf"
        config.write_text(self._config(), encoding="utf-8")
        users = [f"u{number}@{DOMAIN}:{{PLAIN}}{PASSWORD}::::::" for number in range(USERS)]
        (self.folder / "passwd").write_text("\n".join(users) + "\n")
        (self.folder / "home").mkdir()
        if os.getuid() == 0:
            shutil.chown(self.folder / "home", "nobody", "nogroup")
            (self.folder / "passwd").chmod(0o644)
        assert PROGRAM is not None
        command = [PROGRAM, "-F", "-c", str(config)]
        self._process = subprocess.Popen(command, stderr=subprocess.PIPE, start_new_session=True)
        for _ in range(200):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            if self._process.poll() is not None:
                raise RuntimeError(f"Dovecot ended: {self._process.stderr.read().decode()[-500:]}")  # type: ignore[union-attr]
            time.sleep(0.02)
        raise RuntimeError("Dovecot did not start listening")

    def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=2)
            with contextlib.suppress(ProcessLookupError):
                # The group is ours: Dovecot was started in a session of its own.
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(timeout=5)
            assert self._process.stderr is not None
            self._process.stderr.close()

    def _config(self) -> str:
        root = os.getuid() == 0
        me = getpass.getuser()
        group = grp.getgrgid(os.getgid()).gr_name
        mail_user, mail_group = ("nobody", "nogroup") if root else (me, group)
        internal = ("dovecot", "dovecot", "dovenull") if root else (me, group, me)
        boxes = "\n".join(
            f'  mailbox "{name}" {{\n    auto = subscribe\n' + (f"    special_use = {use}\n" if use else "") + "  }"
            for name, use in FOLDERS
        )
        common = f"""
base_dir = {self.folder}/run
state_dir = {self.folder}/run
log_path = {self.folder}/dovecot.log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal[0]}
default_internal_group = {internal[1]}
default_login_user = {internal[2]}
first_valid_uid = {pwd.getpwnam(mail_user).pw_uid}
first_valid_gid = 0
mail_uid = {mail_user}
mail_gid = {mail_group}
mail_fsync = never
auth_failure_delay = 0 secs
ssl = yes
service anvil {{
  chroot =
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
namespace inbox {{
  inbox = yes
  separator = /
{boxes}
}}
protocol imap {{
  mail_max_userip_connections = 50
}}
"""
        return (self._since_2_4() + common) if _version() >= (2, 4) else (common + self._before_2_4())

    def _before_2_4(self) -> str:
        return f"""
mail_home = {self.folder}/home/%u
mail_location = maildir:~/Maildir
disable_plaintext_auth = no
ssl_cert = <{self.certificates.certificate}
ssl_key = <{self.certificates.key}
passdb {{
  driver = passwd-file
  args = username_format=%u {self.folder}/passwd
}}
userdb {{
  driver = static
  args = home={self.folder}/home/%u
}}
{self._services("service_count", "0")}"""

    def _since_2_4(self) -> str:
        """Say the same in the words that Dovecot has from 2.4 on (Debian 13)."""
        return f"""
dovecot_config_version = 2.4.0
dovecot_storage_version = 2.4.0
mail_home = {self.folder}/home/%{{user}}
mail_driver = maildir
mail_path = ~/Maildir
auth_allow_cleartext = yes
ssl_server_cert_file = {self.certificates.certificate}
ssl_server_key_file = {self.certificates.key}
passdb passwd-file {{
  passwd_file_path = {self.folder}/passwd
  auth_username_format = %{{user}}
}}
userdb static {{
  fields {{
    home = {self.folder}/home/%{{user}}
  }}
}}
{self._services("restart_request_count", "unlimited")}"""

    def _services(self, many: str, ever: str) -> str:
        return f"""
service imap-login {{
  chroot =
  {many} = {ever}
  inet_listener imap {{
    port = {self.port}
  }}
  inet_listener imaps {{
    port = {self.tls_port}
    ssl = yes
  }}
}}
service imap {{
  {many} = 200
}}
"""


def _version() -> tuple[int, int]:
    assert PROGRAM is not None
    said = subprocess.run([PROGRAM, "--version"], capture_output=True, text=True, check=True).stdout
    major, minor = said.split(".")[:2]
    return int(major), int(minor)


@contextlib.contextmanager
def running_dovecot() -> Iterator[Dovecot]:
    folder = Path(tempfile.mkdtemp(prefix="zhengji-dovecot-"))
    # Dovecot serves as another user and must be able to walk in.
    folder.chmod(0o755)
    server = Dovecot(folder)
    try:
        server.start()
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
