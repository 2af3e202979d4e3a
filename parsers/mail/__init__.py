"""Mails (邮件): one message taken apart, and what it says about itself.

The doors are ``message`` (decode a raw mail), ``judged`` (machine, bounce, intent, links, authentication in one value),
``account`` and ``quoting`` (what of it was seen, and what is new in it), single judgements (``bounce``, ``intent``,
``machine``, ``asks_how``), and ``token`` (the mark by which a reply to our letter is known).
"""
