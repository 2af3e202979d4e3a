"""The recommendation form (推荐表): its four fields, from lines of print or of text.

Labels, values, title, date, handwriting and dashes are judged apart and certainty last. The doors are ``read`` (a
scanned page) and ``as_text`` (a form that is text).
"""
