"""What the desk refuses (拒绝办理)."""

from __future__ import annotations


class DeskRefusal(Exception):  # noqa: N818 - a refusal of the desk, as staff call it
    """An operation that makes no sense as asked; the message is one Chinese sentence with the cure."""
