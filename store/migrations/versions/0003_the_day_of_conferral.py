"""The day a title was conferred bears its own name: an award is what experts decide in a call that has them."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Rename the column."""
    op.alter_column("list_entry", "awarded", new_column_name="conferred_on")


def downgrade() -> None:
    """Give it its old name again."""
    op.alter_column("list_entry", "conferred_on", new_column_name="awarded")
