"""Mails (来信): raw messages, leases, readings, who asked what, and replaying them into another store."""
