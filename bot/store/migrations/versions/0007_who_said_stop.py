"""Since when a parent wants to hear nothing of the bot's own accord."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column."""
    op.add_column("parents", sa.Column("stopped_at", sa.DateTime(timezone=True)))


def downgrade() -> None:
    """Drop it."""
    with op.batch_alter_table("parents") as table:
        table.drop_column("stopped_at")
