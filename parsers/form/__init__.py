"""The recommendation form (推荐表): its four fields, from lines of print or of text.

Labels, values, title, date, handwriting and dashes are judged apart and certainty last. The doors are ``read`` (a
scanned page), ``as_text`` (a form that is text), and for what is no form yet ``labels``, ``title`` and ``certainty``.
"""
