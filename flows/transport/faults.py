"""What went wrong on the line, in one sentence with its cure (收发故障说明)."""

from __future__ import annotations

import re
import smtplib
import socket
import ssl

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError, LoginError

from flows.transport.ports import FolderRefused, TransportError
from flows.transport.profiles import Profile
from flows.transport.tls import Account

FAULTS = (OSError, IMAPClientError, smtplib.SMTPException, ValueError, EOFError)
"""What imapclient, imaplib, smtplib and the sockets raise. ``ValueError`` covers answers that do not parse and logins
that cannot be encoded."""

_WRITTEN_BYTES = re.compile(r"b(['\"])(.*)\1")
_PASSING = ("[unavailable]", "[limit]", "[inuse]", "too many", "try again", "too frequent", "频繁", "系统繁忙")


def explain(error: Exception, account: Account, profile: Profile, doing: str) -> TransportError:
    """Turn an error of the libraries into ours: server, fault, cure. ``doing`` is what we were about, in Chinese."""
    if isinstance(error, TransportError):
        return error
    if isinstance(error, LoginError) and isinstance(error.__context__, IMAPClientAbortError):
        # imapclient calls it a refused login when the line breaks in the middle of LOGIN; the password may be right.
        error = error.__context__
    where = f"{profile.name}服务器 {account.place} "
    words = _words(error)
    if "unsafe login" in words.lower():
        cure = "请在网页邮箱确认 IMAP 服务已开启、没有触发登录保护"
        return TransportError(f"{where}以 Unsafe Login 拒绝打开文件夹：{cure}。原话：{words}", permanent=True)
    if isinstance(error, LoginError | smtplib.SMTPAuthenticationError):
        return _refused_login(where, words, account, profile)
    if isinstance(error, UnicodeEncodeError):
        fault = f"用户名或{profile.password_name}含有非英文字符"
        return TransportError(f"{where}不会接受：{fault}，{profile.password_cure}。", permanent=True)
    if isinstance(error, ssl.SSLError):
        return _of_encryption(error, where, words, doing)
    return _of_line(error, where, words, account, doing)


def explain_folder(error: Exception, account: Account, profile: Profile, folder: str) -> TransportError:
    """Turn the NO to opening a folder into ours: of this folder alone, unless the server refuses them all."""
    told = explain(error, account, profile, f"打开文件夹“{folder}”")
    if told.permanent:
        # "Unsafe Login" refuses every folder.
        return told
    where = f"{profile.name}服务器 {account.place} "
    cure = "其他文件夹照常收取，稍后会自动再试；一直如此请在网页邮箱查看这个文件夹"
    return FolderRefused(f"{where}不让打开文件夹“{folder}”：{cure}。原话：{_words(error)}")


def _refused_login(where: str, words: str, account: Account, profile: Profile) -> TransportError:
    if any(token in words.lower() for token in _PASSING):
        return TransportError(f"{where}暂时不让 {account.user} 登录，稍后会自动再试。原话：{words}")
    fault = f"{profile.password_name}不对或已失效"
    sentence = f"{where}拒绝 {account.user} 登录，{fault}：{profile.password_cure}。原话：{words}"
    return TransportError(sentence, permanent=True)


def _of_encryption(error: ssl.SSLError, where: str, words: str, doing: str) -> TransportError:
    if isinstance(error, ssl.SSLCertVerificationError):
        cure = "请核对主机名，自有证书请用 CA 文件设置指明；没有登录，密码没有发出"
        return TransportError(f"{where}的证书不可信（{error.verify_message}）：{cure}。", permanent=True)
    if "WRONG_VERSION_NUMBER" in words:
        cure = "请核对端口与加密方式（implicit 用 993 或 465，starttls 用 143 或 587）"
        return TransportError(f"{where}在这个端口上不说 TLS：{cure}。", permanent=True)
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return TransportError(f"{where}在{doing}时断开了连接，稍后会自动再试。")
    return TransportError(f"{where}的加密连接失败：请核对端口与加密方式。原话：{words}")


def _of_line(error: Exception, where: str, words: str, account: Account, doing: str) -> TransportError:
    if isinstance(error, socket.gaierror):
        return TransportError(f"找不到{where.rstrip()}：请核对主机名和网络（DNS）。")
    if isinstance(error, ConnectionRefusedError):
        return TransportError(f"{where}拒绝连接：请核对主机名和端口，并确认防火墙放行。")
    if isinstance(error, TimeoutError) or "timed out" in words:
        waited = f"连接限 {account.connect_seconds:g} 秒，静默限 {account.read_seconds:g} 秒"
        return TransportError(f"{where}在{doing}时没有回应（{waited}），稍后会自动再试；一直如此请检查网络。")
    return TransportError(f"{where}在{doing}时出错或断开，稍后会自动再试。原话：{words}")


def _words(error: Exception) -> str:
    """Return the server's or library's own words, on one line and not endless."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {answer_text(error.smtp_error)}"[:300]
    # imaplib puts the server's bytes into its message as Python writes bytes.
    written = _WRITTEN_BYTES.sub(r"\2", " ".join(str(error).split()))
    return written[:300] or type(error).__name__


def answer_text(answer: bytes | str) -> str:
    """Return a server's answer as text on one line: UTF-8, else GB18030, as Chinese servers write it."""
    if isinstance(answer, str):
        return " ".join(answer.split())
    try:
        return " ".join(answer.decode("utf-8").split())
    except UnicodeDecodeError:
        return " ".join(answer.decode("gb18030", errors="replace").split())
