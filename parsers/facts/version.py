"""The version of the readers (读取器版本): what was read is kept under it, and a new version reads anew."""

READER_VERSION = "4"
"""Raise it with every change that lets a reader find something else in the same bytes."""
