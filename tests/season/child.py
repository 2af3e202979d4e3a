"""One round in a process of its own, which kills itself after so many transactions: started by the crash test."""

from __future__ import annotations

import itertools
import os
import signal
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

from config.settings import load_settings
from flows.steps.cycle import run_cycle
from flows.steps.workshop import open_workshop
from store.engine import Store

if __name__ == "__main__":
    die_after, now, looks = int(sys.argv[1]), datetime.fromisoformat(sys.argv[2]), Path(sys.argv[3])
    begun = itertools.count(1)
    begin = Store.transaction

    def counted(store: Store) -> Any:
        if next(begun) > die_after > 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return begin(store)

    Store.transaction = counted  # type: ignore[method-assign]
    with open_workshop(load_settings(dict(os.environ)), looks=looks) as shop:
        run_cycle(shop, now)
