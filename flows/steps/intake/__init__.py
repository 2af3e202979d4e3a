"""Intake (收信): new mails from the mailbox into the store, and the daily proof that none is missing."""
