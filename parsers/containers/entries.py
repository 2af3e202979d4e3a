"""What every container reader yields (容器中的条目), and how it says that a container stays shut."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.facts.problem import Problem, Weight

ZIP_AGAIN = "请改用 zip 重新压缩（不设密码、不分卷）后发送。"
NO_PASSWORD = "请去掉密码重新发送，或直接回信告知密码。"  # noqa: S105 - a sentence for the sender
SEND_AGAIN = "请检查原文件能否正常打开，重新压缩后再次发送。"


@dataclass(frozen=True, slots=True)
class Entry:
    """One file in a container. ``steps`` is its way there, folders first, as the sender named them.

    ``data`` is None where the bytes could not be had at all; then ``problems`` says why.
    """

    steps: tuple[str, ...]
    data: bytes | None
    problems: tuple[Problem, ...] = ()
    declared: str = ""
    inline: bool = False
    content_id: str = ""
    text: str = ""
    """For a mail in a file: what it says. Such an entry has no steps and is no file."""

    @property
    def name(self) -> str:
        """The last step."""
        return self.steps[-1] if self.steps else ""


class Unopened(Exception):  # noqa: N818 - says what a sender sent, not what we did wrong; never leaves the parsers
    """A container stays shut, or the rest of it does. ``problem`` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def encrypted(where: str, what: str = "压缩包") -> Problem:
    """Return the problem of a container that wants a password we do not have."""
    return Problem("archive-encrypted", f"{what}设有密码，无法打开。", where, NO_PASSWORD, Weight.UNREADABLE)


def damaged(where: str, what: str = "压缩包") -> Problem:
    """Return the problem of a container of which something is missing or broken."""
    return Problem("archive-damaged", f"{what}已损坏或不完整。", where, SEND_AGAIN, Weight.UNREADABLE)


def unsupported(where: str, what: str = "压缩包") -> Problem:
    """Return the problem of a container in a format or with a method that none of our readers knows."""
    return Problem("archive-unsupported", f"{what}的格式或压缩方法无法识别。", where, ZIP_AGAIN, Weight.UNREADABLE)


def sealed(where: str) -> Problem:
    """Return the problem of what is encrypted for somebody who is not us."""
    return Problem(
        "file-sealed", "文件经过数字加密，里面的内容打不开。", where, "请不要加密，把原文件作为普通附件重新发送。",
        Weight.UNREADABLE,
    )  # fmt: skip


def volumes(where: str) -> Problem:
    """Return the problem of one volume of a split archive."""
    return Problem("archive-volumes", "这是分卷压缩包的一部分，无法单独打开。", where, ZIP_AGAIN, Weight.UNREADABLE)


def entry_damaged(where: str, *, cut: bool = True) -> Problem:
    """Return the problem of an entry that breaks off, or of which only the check sum is wrong.

    A fragment is never judged: what it lacks may be what the notice asks for.
    """
    message = "文件在压缩包中已损坏，内容不完整。" if cut else "文件在压缩包中的校验不符，内容可能有损。"
    return Problem("entry-damaged", message, where, SEND_AGAIN, Weight.UNREADABLE if cut else Weight.LOSSY)


def lost(where: str, entries: int) -> Problem:
    """Return the problem of entries that a container lists and that nothing became of: nobody saw them."""
    message = f"压缩包里有 {entries} 项没有取出来，原因不明。"
    return Problem("archive-entries-lost", message, where, ZIP_AGAIN, Weight.UNREADABLE)


def entry_encrypted(where: str) -> Problem:
    """Return the problem of a single entry that wants a password."""
    return Problem("entry-encrypted", "压缩包中的这个文件设有密码，无法打开。", where, NO_PASSWORD, Weight.UNREADABLE)


def entry_unsupported(where: str) -> Problem:
    """Return the problem of a single entry packed by a method that none of our readers knows."""
    return Problem(
        "entry-unsupported", "压缩包中的这个文件用了无法识别的压缩方法。", where, ZIP_AGAIN, Weight.UNREADABLE
    )


def entry_link(where: str) -> Problem:
    """Return the problem of a symbolic or hard link inside an archive: it has no content of its own."""
    return Problem(
        "entry-link",
        "压缩包中的这一项是链接而不是文件，未予展开。",
        where,
        "请打包原文件而不是快捷方式。",
        Weight.UNREADABLE,
    )
