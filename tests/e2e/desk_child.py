"""What ``zhengji serve`` does for the desk, without the schedules: a program of its own, run by ``test_ui``."""

from __future__ import annotations

import sys
from datetime import datetime

from prefect import serve

from config.settings import load_settings
from flows.screens import publish
from flows.serve import deployments
from flows.steps.workshop import open_workshop


def main() -> None:
    settings = load_settings()
    office = [one for one in deployments(settings) if "经办" in one.tags]
    # The pages lead to the forms, so the forms are there first.
    for one in office:
        one.apply()
    with open_workshop(settings) as shop:
        publish(shop, datetime.fromisoformat(sys.argv[1]))
    sys.stdout.write("published\n")
    sys.stdout.flush()
    serve(*office, limit=1, pause_on_shutdown=False)


if __name__ == "__main__":
    main()
