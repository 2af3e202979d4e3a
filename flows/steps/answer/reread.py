"""Reading anew before deciding (更新后先重读): what an older reader read clears nothing and accuses nobody.

After an update of the reader a ruling, a grant of time or a new mail makes an answer due on files that the present
reader has not read. They are read first: the answer stays due, and is decided in the cycle after.
"""

from __future__ import annotations

from datetime import datetime

from parsers.facts.version import READER_VERSION
from store import journal
from store.engine import Transaction
from store.mails import messages
from store.mails.readings import mails_read_before
from store.states import MessageState


def reread_first(session: Transaction, submission_id: int, now: datetime) -> bool:
    """Whether a mail of the submission must be read anew before anything is decided; asks for it where nobody has.

    A mail in quarantine holds the answer as well: it is a task of staff, and what lies in it is not known.
    """
    before = mails_read_before(session, submission_id, READER_VERSION)
    for mail in before:
        if mail.state is MessageState.EXAMINED:
            messages.run_again(session, mail.sha256, now, journal.SYSTEM, "读取器已更新。")
    return bool(before)
