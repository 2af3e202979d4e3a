"""Text (文字): what is true of any Chinese text, wherever it came from.

Character sets, word counts, numerals, credit codes, likeness of texts. Knows no file format and no mail. Every module
here is a door.
"""
