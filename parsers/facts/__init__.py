"""Facts (读出的内容): the values that readers return and everybody else takes.

Frozen values only, with no reader behind them: leaves and their roles, looks, the reading of a mail, problems, the
context that a reader is given, the spool that holds bytes while a mail is read. Every module here is a door.
"""
