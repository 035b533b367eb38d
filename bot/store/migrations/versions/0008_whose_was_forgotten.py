"""Which updates without a reply are of a chat that was forgotten meanwhile: the disk is cleaned when they are finished."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column, and end what was taken from its chat without a reply: it waits for nothing."""
    op.add_column("inbox", sa.Column("is_of_forgotten", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("UPDATE inbox SET finished_at = received_at WHERE payload IS NULL AND finished_at IS NULL")


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("inbox") as table:
        table.drop_column("is_of_forgotten")
