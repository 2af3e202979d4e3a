"""The shelf follows its rows by two counters; a mail keeps how often the worker died that held it, apart from attempts."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_NEW = (
    # Every folder is laid anew once: until now its files were hard links of the originals.
    ("submission", "shelf_changed", sa.Integer(), "1"),
    ("submission", "shelf_laid", sa.Integer(), "0"),
    ("message", "deaths", sa.Integer(), "0"),
)


def upgrade() -> None:
    """Add the columns."""
    for table, name, kind, default in _NEW:
        op.add_column(table, sa.Column(name, kind, nullable=False, server_default=default))


def downgrade() -> None:
    """Drop them."""
    for table, name, _, _ in reversed(_NEW):
        op.drop_column(table, name)
