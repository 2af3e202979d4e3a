"""Logging (日志): one line for each event, with personal data masked on its way out.

Applicants' papers are full of telephone numbers, identity numbers and addresses, and an exception's own words may
quote them. The mask sits in the formatter, where nothing can pass it: message, arguments and traceback alike.
"""

from __future__ import annotations

import logging
import re
import sys
from typing import TextIO

MAIL = re.compile(r"(?<![\w.+-])([\w.+-])[\w.+-]*@([\w-]+(?:\.[\w-]+)+)", re.ASCII)
IDENTITY = re.compile(r"(?<![0-9A-Za-z])(\d{6})\d{8}\d{3}[\dXx](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<![0-9A-Za-z])(?:\+?86[- ]?)?(1[3-9]\d)[- ]?\d{4}[- ]?(\d{4})(?![0-9A-Za-z])")
LANDLINE = re.compile(r"(?<![0-9A-Za-z-])(0\d{2,3})[- ]\d{5,6}(\d{2})(?![0-9A-Za-z-])")
ACCOUNT = re.compile(r"(?<![0-9A-Za-z])(\d{4})\d{8,11}(\d{4})(?![0-9A-Za-z])")
LINE_BREAK = re.compile(r"\s*[\r\n\u2028\u2029\x85\x0b\x0c]+\s*")


def mask(text: str) -> str:
    """Return the text with mail names, identity, telephone and bank account numbers masked."""
    text = MAIL.sub(r"\1***@\2", text)
    text = IDENTITY.sub(r"\1************", text)
    text = MOBILE.sub(r"\1****\2", text)
    text = LANDLINE.sub(r"\1-****\2", text)
    return ACCOUNT.sub(r"\1********\2", text)


class OneLine(logging.Formatter):
    """One masked line for each record; a traceback becomes part of the line."""

    def format(self, record: logging.LogRecord) -> str:
        """Format the record, fold its lines into one, and mask it."""
        return mask(LINE_BREAK.sub(" | ", super().format(record)))


def set_up_logs(level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send our packages' logs to the stream (standard error unless given), once however often it is called.

    Only our own loggers get the handler: Prefect's keep theirs.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(OneLine("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%S%z"))
    for package in ("flows", "parsers", "store", "config"):
        logger = logging.getLogger(package)
        logger.setLevel(level)
        for old in [h for h in logger.handlers if isinstance(h.formatter, OneLine)]:
            logger.removeHandler(old)
        logger.addHandler(handler)
        logger.propagate = False


class _OneSentence(logging.Filter):
    """Take the traceback out of a record and name its error instead, masked."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg, record.args = mask(f"{record.getMessage()} ({type(error).__name__}: {str(error)[:200]})"), ()
        record.exc_info = record.exc_text = record.stack_info = None
        return True


def without_tracebacks() -> None:
    """Let the libraries whose loggers are set up by now tell a person what happened, and not how."""
    known = [logging.getLogger(), *(one for one in logging.Logger.manager.loggerDict.values())]
    handlers = {one for logger in known if isinstance(logger, logging.Logger) for one in logger.handlers}
    if logging.lastResort is not None:
        handlers.add(logging.lastResort)
    for handler in handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.addFilter(_OneSentence())
