"""How to reach a server (连接方式): address, encryption, who we are, and how long we wait."""

from __future__ import annotations

import ssl
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path


class Encryption(StrEnum):
    """When the line is encrypted (加密方式); the values of ``ZHENGJI_IMAP_TLS`` and ``ZHENGJI_SMTP_TLS``."""

    IMPLICIT = "implicit"
    """From the first byte (ports 993 and 465)."""
    STARTTLS = "starttls"
    """After a greeting in the clear; refused where the server does not offer it."""
    NONE = "none"
    """Never: for servers on this machine only."""


@dataclass(frozen=True, slots=True)
class Account:
    """One server with our login (邮箱账户). Times are in seconds."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    encryption: Encryption = Encryption.IMPLICIT
    ca_file: Path | None = None
    """Certificates to trust besides none other: for servers with a certificate of their own."""
    connect_seconds: float = 20.0
    read_seconds: float = 60.0
    """How long the line may be silent."""
    command_seconds: float = 300.0
    """How long one command may take in all, however alive the line seems."""

    @property
    def place(self) -> str:
        """The server as people write it, for sentences."""
        return f"{self.host}:{self.port}"


def context(account: Account) -> ssl.SSLContext:
    """Return a context that verifies chain and name; ``OSError`` where ``ca_file`` cannot be read."""
    made = ssl.create_default_context(cafile=str(account.ca_file) if account.ca_file else None)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    if account.ca_file:
        # From Python 3.13 on chains must also keep to the letter of RFC 5280, which an office's own authority seldom
        # does; that chain and name are verified does not change.
        made.verify_flags &= ~ssl.VERIFY_X509_STRICT
    return made
