"""Bytes kept under their own hash (原件库): raw mails, leaves, letters, evidence pictures.

Doors: ``protocol`` says what any store of bytes can do, and is all that callers know; ``folder`` keeps them in a folder
of this machine; ``open_blobs`` is the one place that chooses.
"""
