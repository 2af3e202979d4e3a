"""The two edges (收发): IMAP in, SMTP out, behind two small protocols."""
