"""What the team was told that needs a person, when something last went as it should, and how often a theme changed."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

UTC = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "alerts",
        sa.Column("key", sa.String(96), nullable=False),
        sa.Column("mark", sa.String(64), nullable=False),
        sa.Column("over", sa.Text, nullable=False),
        sa.Column("told_at", UTC, nullable=False),
        sa.Column("gone_at", UTC),
        sa.PrimaryKeyConstraint("key", name="pk_alerts"),
    )
    op.create_table(
        "heartbeats",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("at", UTC, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_heartbeats"),
    )
    op.add_column("calendar_entries", sa.Column("theme", sa.String(16), nullable=False, server_default=""))
    op.add_column("calendar_entries", sa.Column("themes", sa.Integer, nullable=False, server_default="0"))
    op.add_column("calendar_entries", sa.Column("themed_at", UTC))
    # No button ever offered an hour in which it is quiet, and nothing is planned for one any more.
    op.execute("UPDATE parents SET evening_hour = 20 WHERE evening_hour > 20")


def downgrade() -> None:
    """Drop them."""
    with op.batch_alter_table("calendar_entries") as table:
        for name in ("theme", "themes", "themed_at"):
            table.drop_column(name)
    op.drop_table("heartbeats")
    op.drop_table("alerts")
