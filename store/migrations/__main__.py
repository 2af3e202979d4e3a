"""Write the next revision from what the tables now say: ``python -m store.migrations "What changed"``."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory

from store.engine import migration_config, open_store


def main(words: list[str]) -> None:
    """Compare the tables with an empty store at the newest revision and write the difference as a file to review."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store("", Path(folder))
        with store.engine.connect() as connection, connection.begin():
            config = migration_config(connection, store.blobs)
            count = len(list(ScriptDirectory.from_config(config).walk_revisions()))
            command.revision(config, " ".join(words), autogenerate=True, rev_id=f"{count + 1:04d}")


if __name__ == "__main__":
    main(sys.argv[1:])
