"""The rush (截止前48小时): how long applicants wait for their first answer, at the sending limits of 163.com.

400 submissions arrive in the last 48 hours, most of them in working hours and more towards the end. 45 % lack
something; of these, 60 % mend it within a few hours. Time is simulated; the limits, the order of the outbox and the
settling time are the project's own functions. The first line is what a plain queue would do (receipt at once, 补正
after settling, first come first served), the others what the plan does.

    python -m bench.rush [--seed N] [--arrivals N]
"""

from __future__ import annotations

import argparse
import heapq
import random
import statistics
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from config.call import Call
from config.load import find_call, load_call
from flows.replies.budget import Budgets, next_slot
from flows.replies.decide import PRIORITY, budget_is_short
from flows.replies.letter import LetterKind
from flows.replies.timing import settle_until

DAY = timedelta(days=1)
BY_HOUR = (1, 1, 1, 1, 1, 2, 4, 8, 14, 18, 18, 14, 9, 12, 18, 20, 20, 16, 10, 9, 9, 8, 6, 3)
"""How busy each hour of a day is; the last hours before the deadline are doubled below."""


@dataclass(order=True)
class Waiting:
    priority: int
    due: datetime
    number: int
    kind: LetterKind = field(compare=False)


@dataclass
class Result:
    name: str
    budgets: Budgets
    first: dict[int, timedelta]
    asked_in_time: int
    deficient: int
    sent: int
    over: timedelta

    def line(self) -> str:
        waits = sorted(self.first.values())
        median, p95 = statistics.median(waits), waits[int(len(waits) * 0.95) - 1]
        told = f"{self.asked_in_time}/{self.deficient}"
        return (
            f"{self.name:<34}{self.budgets.per_day:>7}{self.budgets.interval_seconds:>6}{hours(median):>12}{hours(p95):>12}"
            f"{told:>12}{self.sent:>8}{hours(self.over):>14}"
        )


def hours(wait: timedelta) -> str:
    minutes = wait.total_seconds() / 60
    return f"{minutes:.1f} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def arrivals(call: Call, count: int, draw: random.Random) -> list[datetime]:
    start = call.window.closes - timedelta(hours=48)
    slots = [start + timedelta(hours=n) for n in range(48)]
    weights = [BY_HOUR[slot.hour] * (2 if n >= 40 else 1) for n, slot in enumerate(slots)]
    chosen = draw.choices(slots, weights, k=count)
    return sorted(slot + timedelta(seconds=draw.uniform(0, 3600)) for slot in chosen)


def simulate(call: Call, name: str, budgets: Budgets, *, plan: bool, count: int, seed: int) -> Result:
    """Run the last days: ``plan`` false is a plain queue, true our order, and one letter while the budget is short."""
    draw = random.Random(seed)
    came = arrivals(call, count, draw)
    lacks = [draw.random() < 0.45 for _ in came]
    mends = [draw.random() < 0.6 for _ in came]
    events: list[tuple[datetime, int, str]] = [(at, n, "mail") for n, at in enumerate(came)]
    heapq.heapify(events)
    queue: list[Waiting] = []
    moments: list[datetime] = []
    first: dict[int, timedelta] = {}
    asked: dict[int, datetime] = {}
    now = came[0]

    def push(number: int, kind: LetterKind, *, ahead: bool = False) -> None:
        priority = PRIORITY[LetterKind.RECEIVED] if ahead else PRIORITY[kind]
        heapq.heappush(queue, Waiting(priority if plan else 0, now, number, kind))

    while events or queue:
        while events and events[0][0] <= now:
            _, number, what = heapq.heappop(events)
            if what == "mail":
                sent_today = sum(1 for moment in moments if moment > now - DAY)
                short = plan and budget_is_short(per_day=budgets.per_day, sent=sent_today, waiting=len(queue))
                settled = settle_until(call, now, call.replies.settle_minutes)
                if not lacks[number]:
                    push(number, LetterKind.RECEIVED)
                else:
                    if not short:
                        push(number, LetterKind.RECEIVED_CHECKING)
                    heapq.heappush(events, (settled, number, "ask-first" if short else "ask"))
            elif what.startswith("ask"):
                push(number, LetterKind.DEFICIENT, ahead=what == "ask-first")
            else:
                push(number, LetterKind.COMPLETED)
        if not queue:
            if not events:
                break
            now = max(now, events[0][0])
            continue
        slot = next_slot(moments, now, budgets)
        if slot > now:
            now = min(slot, events[0][0]) if events else slot
            continue
        letter = heapq.heappop(queue)
        moments.append(now)
        first.setdefault(letter.number, now - came[letter.number])
        if letter.kind is LetterKind.DEFICIENT:
            asked[letter.number] = now
            mended = now + timedelta(minutes=draw.uniform(60, 300))
            if mends[letter.number] and mended < call.window.closes:
                heapq.heappush(events, (mended, letter.number, "done"))
    in_time = sum(1 for at in asked.values() if at < call.window.closes)
    over = max(timedelta(0), moments[-1] - call.window.closes)
    return Result(name, budgets, first, in_time, sum(lacks), len(moments), over)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--arrivals", type=int, default=400)
    given = parser.parse_args()
    call = load_call(find_call("cases-2026"))
    print(f"{given.arrivals} submissions in the last 48 hours before {call.window.closes:%Y-%m-%d %H:%M}\n")
    print(
        f"{'plan':<34}{'a day':>7}{'secs':>6}{'median':>12}{'p95':>12}{'asked ':>12}{'sent':>8}{'done after':>14}\n"
        f"{'':<34}{'':>7}{'':>6}{'first answer':>24}{'in time':>12}{'':>8}{'deadline':>14}"
    )
    careful = Budgets()
    runs = [("plain queue", careful, False), ("plan: acknowledgement first", careful, True)]
    runs += [(f"plan, {n} a day for the two days", Budgets(per_day=n), True) for n in (200, 300, 450)]
    for name, budgets, plan in runs:
        result = simulate(call, name, budgets, plan=plan, count=given.arrivals, seed=given.seed)
        print(result.line())


if __name__ == "__main__":
    main()
