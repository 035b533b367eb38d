"""Questions that found no answer, kept without a person when a parent agreed."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "questions",
        sa.Column("id", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_questions"),
    )
    op.create_index("ix_questions_week", "questions", ["week"])


def downgrade() -> None:
    """Drop it, with every question."""
    op.drop_table("questions")
