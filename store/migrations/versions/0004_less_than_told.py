"""A mail may come shorter than the server told, and its moment of receipt may be in doubt: both are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns."""
    op.add_column("message", sa.Column("received_doubt", sa.Text(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("told_size", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("message", sa.Column("fetch_doubt", sa.Text(), nullable=False, server_default=""))
    op.add_column("ledger", sa.Column("looks", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Drop them."""
    for table, column in (
        ("ledger", "looks"),
        ("message", "fetch_doubt"),
        ("message", "told_size"),
        ("message", "received_doubt"),
    ):
        op.drop_column(table, column)
