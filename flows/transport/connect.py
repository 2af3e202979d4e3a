"""From the settings to the servers (按设置连接): which account, which provider, which encryption."""

from __future__ import annotations

import hmac

from config.settings import Settings
from flows.transport.imap import ImapMailbox, open_mailbox
from flows.transport.profiles import NETEASE, Profile, profile_named, profile_of
from flows.transport.smtp import SmtpSender
from flows.transport.tls import Account, Encryption


def imap_account(settings: Settings) -> Account:
    """Return the account that mails are read from."""
    return Account(
        host=settings.imap_host,
        port=settings.imap_port,
        user=settings.imap_user,
        password=settings.imap_password.get_secret_value(),
        encryption=Encryption(settings.imap_tls),
        ca_file=settings.imap_ca_file,
    )


def smtp_account(settings: Settings) -> Account:
    """Return the account that letters are sent with: its own login, else the one for reading."""
    user, password = settings.smtp_login
    return Account(
        host=settings.smtp_host,
        port=settings.smtp_port,
        user=user,
        password=password.get_secret_value(),
        encryption=Encryption(settings.smtp_tls),
        ca_file=settings.imap_ca_file,
    )


def login_mark(account: Account, secret: bytes) -> str:
    """Return a short mark of server, user and password, by which a changed login is noticed; it tells none of them."""
    told = "\0".join((account.host, str(account.port), account.encryption, account.user, account.password))
    return hmac.new(secret, f"login\0{told}".encode(), "sha256").hexdigest()[:16]


def profile_for(settings: Settings) -> Profile:
    """Return the provider that the settings name, else the one whose host name this is."""
    if settings.provider == "auto":
        return profile_of(settings.imap_host)
    return NETEASE if settings.provider == "163" else profile_named(settings.provider)


def connect_mailbox(settings: Settings) -> ImapMailbox:
    """Open the mailbox; ``TransportError`` with server, fault and cure where that fails."""
    chosen = None if settings.provider == "auto" else profile_for(settings)
    return open_mailbox(imap_account(settings), chosen)


def sender_of(settings: Settings) -> SmtpSender:
    """Return the sender; it connects when a letter is sent."""
    return SmtpSender(smtp_account(settings), settings.sender, profile_for(settings))
