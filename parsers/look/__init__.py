"""Look (查看内容): one file looked into, whatever it is.

``dispatch`` chooses the reader by content and is the door; ``cache`` keeps what was seen by content and reader
version. The other modules join the rooms below for one family of files each.
"""
