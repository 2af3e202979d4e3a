"""Filing (归档): submissions, applicants, versions, and every change to where a file belongs.

``lookups`` answers what attribution asks; ``receipt_order`` and ``derived`` put right what an earlier mail changes;
``by_hand`` is what staff decide.
"""
