"""Parents, feedback, dialogues, the inbox and the greeted groups."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the first tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "parents",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("language", sa.String(8)),
        sa.Column("neighbourhood", sa.String(64)),
        sa.Column("created_at", moment, nullable=False),
        sa.Column("seen_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_parents"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("answer", sa.String(64), nullable=False),
        sa.Column("text_hash", sa.String(128), nullable=False),
        sa.Column("language", sa.String(8), nullable=False),
        sa.Column("is_helpful", sa.Boolean(create_constraint=False), nullable=False),
        sa.Column("reason", sa.String(16)),
        sa.Column("given_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
    )
    op.create_index("ix_feedback_answer_text_hash", "feedback", ["answer", "text_hash"])
    op.create_table(
        "dialogues",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_dialogues"),
    )
    op.create_table(
        "inbox",
        sa.Column("update_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger),
        sa.Column("payload", sa.Text),
        sa.Column("received_at", moment, nullable=False),
        sa.Column("finished_at", moment),
        sa.PrimaryKeyConstraint("update_id", name="pk_inbox"),
    )
    op.create_index("ix_inbox_chat_id", "inbox", ["chat_id"])
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_inbox_unfinished", "inbox", ["received_at"], sqlite_where=unfinished, postgresql_where=unfinished
    )
    op.create_table(
        "groups",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("greeted_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_groups"),
    )


def downgrade() -> None:
    """Drop them all."""
    for table in ("groups", "inbox", "dialogues", "feedback", "parents"):
        op.drop_table(table)
