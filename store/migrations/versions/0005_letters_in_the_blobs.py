"""The frozen bytes of letters go into the blobs, what many letters enclose once; the rows keep where they lie."""

import json

import sqlalchemy as sa
from alembic import context, op

from store.frozen import Frozen, freeze, thaw

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_LETTER = sa.table(
    "letter",
    sa.column("id", sa.Integer),
    sa.column("raw", sa.LargeBinary),
    sa.column("raw_sha256", sa.String),
    sa.column("frame_sha256", sa.String),
    sa.column("enclosed", sa.JSON),
)


def upgrade() -> None:
    """Move the bytes, one letter at a time, and prove each before its column goes."""
    for name in ("raw_sha256", "frame_sha256"):
        op.add_column("letter", sa.Column(name, sa.String(length=64), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("enclosed", sa.JSON(), nullable=False, server_default=json.dumps([])))
    connection, blobs = op.get_bind(), context.config.attributes["blobs"]
    for letter in connection.scalars(sa.select(_LETTER.c.id).order_by(_LETTER.c.id)).all():
        raw = connection.execute(sa.select(_LETTER.c.raw).where(_LETTER.c.id == letter)).scalar_one()
        kept = freeze(blobs, bytes(raw))
        thaw(blobs, kept)
        values = {"raw_sha256": kept.raw_sha256, "frame_sha256": kept.frame_sha256, "enclosed": list(kept.enclosed)}
        connection.execute(sa.update(_LETTER).where(_LETTER.c.id == letter).values(values))
    op.drop_column("letter", "raw")


def downgrade() -> None:
    """Give the rows their bytes again."""
    op.add_column("letter", sa.Column("raw", sa.LargeBinary(), nullable=False, server_default=""))
    connection, blobs = op.get_bind(), context.config.attributes["blobs"]
    places = sa.select(_LETTER.c.id, _LETTER.c.raw_sha256, _LETTER.c.frame_sha256, _LETTER.c.enclosed)
    for letter, raw_sha256, frame_sha256, enclosed in connection.execute(places).all():
        raw = thaw(blobs, Frozen(raw_sha256, frame_sha256, tuple((place, sha256) for place, sha256 in enclosed)))
        connection.execute(sa.update(_LETTER).where(_LETTER.c.id == letter).values(raw=raw))
    for name in ("raw_sha256", "frame_sha256", "enclosed"):
        op.drop_column("letter", name)
