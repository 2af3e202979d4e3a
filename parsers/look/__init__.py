"""Look (查看内容): one file looked into, whatever it is.

The doors are ``dispatch``, which chooses the reader by content, and ``cache``, which keeps what was seen by content and
reader version. The other modules join the rooms below for one family of files each.
"""
