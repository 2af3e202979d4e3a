"""The season of the demo: what the whole line costs beside the bare reading calls it makes.

    python -m bench.season            without OCR and with it
    python -m bench.season --no-ocr   without OCR only

Each row is a process of its own, and its peak memory that of it and
all its children together. ``bare`` reads the same mails by the same
readers in one process and keeps nothing; ``line`` fetches them over IMAP, reads them in limited children, files,
checks and answers them over SMTP. The ratio is what our own line adds.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import datetime
from pathlib import Path

from config.load import find_call, load_call
from config.settings import load_settings
from flows.demo.season import season
from flows.demo.servers import demo_servers
from flows.demo.world import demo_environment, import_lists
from flows.steps.cycle import run_cycle
from flows.steps.workshop import open_workshop
from parsers.facts.context import ReadContext
from parsers.facts.spool import FolderSpool
from parsers.read import read_message


def mails() -> list[tuple[bytes, datetime]]:
    return [(mail.make(lambda _address: ""), mail.received) for day in season() for mail in day.mails]


def bare(ocr: bool) -> float:
    found = mails()
    context = ReadContext(load_call(find_call("cases-2026")), ocr=ocr)
    with tempfile.TemporaryDirectory() as folder:
        spool = FolderSpool(Path(folder))
        begin = time.perf_counter()
        for raw, received in found:
            read_message(raw, spool, context, (), received)
        return time.perf_counter() - begin


def line(ocr: bool) -> float:
    found = mails()
    days = season()
    now = days[-1].now
    with tempfile.TemporaryDirectory() as folder, demo_servers(clock=lambda: now) as servers:
        settings = load_settings(demo_environment(Path(folder) / "data", servers))
        with open_workshop(settings) as shop:
            import_lists(shop, Path(folder) / "lists", days[0].now)
        for raw, received in found:
            servers.letterbox.deliver(raw, received)
        begin = time.perf_counter()
        with open_workshop(settings, ocr=ocr) as shop:
            run_cycle(shop, now)
        return time.perf_counter() - begin


def measure(kind: str, ocr: bool) -> dict[str, float]:
    peak = 0.0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, memory_of(os.getpid()))

    watcher = threading.Thread(target=watch)
    watcher.start()
    seconds = {"bare": bare, "line": line}[kind](ocr)
    done.set()
    watcher.join()
    return {"seconds": seconds, "peak_mb": peak}


def memory_of(root: int) -> float:
    """Megabytes resident in this process and all its descendants (the readers are children of a fork server)."""
    parents: dict[int, int] = {}
    resident: dict[int, float] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        try:
            fields = dict(line.split(":", 1) for line in status.read_text().splitlines() if ":" in line)
        except OSError:
            continue
        pid = int(status.parent.name)
        parents[pid] = int(fields["PPid"])
        resident[pid] = int(fields.get("VmRSS", "0 kB").split()[0]) / 1024
    ours = {root}
    while more := {pid for pid, parent in parents.items() if parent in ours} - ours:
        ours |= more
    return sum(resident.get(pid, 0.0) for pid in ours)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--no-ocr", action="store_true")
    parser.add_argument("--one", nargs=2, metavar=("KIND", "OCR"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.one[0], arguments.one[1] == "ocr")))
        return
    count = len(mails())
    print(f"{count} mails\n{'':<8}{'':<8}{'seconds':>9}{'mails/s':>9}{'peak MB':>9}{'line/bare':>11}")
    for ocr in ("plain",) if arguments.no_ocr else ("plain", "ocr"):
        rows = {}
        for kind in ("bare", "line"):
            command = [sys.executable, "-m", "bench.season", "--one", kind, ocr]
            out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
            rows[kind] = json.loads(out.splitlines()[-1])
        for kind, row in rows.items():
            ratio = f"{row['seconds'] / rows['bare']['seconds']:.2f}" if kind == "line" else ""
            speed = f"{row['seconds']:>9.1f}{count / row['seconds']:>9.2f}"
            print(f"{ocr:<8}{kind:<8}{speed}{row['peak_mb']:>9.0f}{ratio:>11}")


if __name__ == "__main__":
    main()
