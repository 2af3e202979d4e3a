"""Decisions and letters (处置与回信), as pure functions."""
