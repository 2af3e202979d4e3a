"""Seals (公章): where ink makes a ring on a page, and the name that stands in it.

The door is ``find``.
"""
