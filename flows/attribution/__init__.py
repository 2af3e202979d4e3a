"""Attribution (归属): whose file is this? Pure: it sees readings and lookups, never a database.

``placing`` decides for one file, ``placement`` for one mail, ``split_mail`` divides a bundle, ``ties`` says which marks
bind a mail to a submission, ``spoken`` what a mail without files is about, ``fates`` what is only listed.
"""
