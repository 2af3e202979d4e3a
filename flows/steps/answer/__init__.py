"""Answers (答复): what a submission's state asks us to say, composed and queued, once."""
