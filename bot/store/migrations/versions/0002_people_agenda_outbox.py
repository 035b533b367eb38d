"""What parents ask to be told of, what coordinators change, the outbox, and the team's log."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TABLES = (
    "leases", "asked", "audit", "deliveries", "announcements", "calendar_entries", "changes", "attendances",
    "subscriptions",
)
PARENT_COLUMNS = ("child_born", "weeks_early", "evening_hour", "wants_two_hours", "consented_at", "unreachable_at")


def upgrade() -> None:
    """Make the tables for people, meetings and messages."""
    moment = sa.DateTime(timezone=True)
    flag = sa.Boolean(create_constraint=False)
    with op.batch_alter_table("parents") as parents:
        parents.add_column(sa.Column("child_born", sa.Date))
        parents.add_column(sa.Column("weeks_early", sa.Integer))
        parents.add_column(sa.Column("evening_hour", sa.Integer, server_default="19"))
        parents.add_column(sa.Column("wants_two_hours", flag, nullable=False, server_default=sa.true()))
        parents.add_column(sa.Column("consented_at", moment))
        parents.add_column(sa.Column("unreachable_at", moment))
    op.create_index("ix_parents_neighbourhood", "parents", ["neighbourhood"])
    op.create_index("ix_parents_seen_at", "parents", ["seen_at"])
    op.create_index("ix_parents_wishes", "parents", ["chat_id", "evening_hour", "wants_two_hours"])
    is_unreachable = sa.text("unreachable_at IS NOT NULL")
    op.create_index(
        "ix_parents_unreachable", "parents", ["chat_id"], sqlite_where=is_unreachable, postgresql_where=is_unreachable
    )
    op.create_table(
        "subscriptions",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "kind", "subject", name="pk_subscriptions"),
    )
    op.create_index("ix_subscriptions_kind_subject", "subscriptions", ["kind", "subject"])
    op.create_table(
        "attendances",
        sa.Column("chat_id", sa.BigInteger, autoincrement=False, nullable=False),
        sa.Column("occurrence", sa.String(64), nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("age_months", sa.Integer),
        sa.Column("created_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("chat_id", "occurrence", name="pk_attendances"),
    )
    op.create_index("ix_attendances_occurrence", "attendances", ["occurrence"])
    op.create_index("ix_attendances_starts_at", "attendances", ["starts_at"])
    op.create_table(
        "changes",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("meetup", sa.String(64), nullable=False),
        sa.Column("on_date", sa.Date, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("data", sa.JSON, nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("written_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_changes"),
    )
    op.create_index("ix_changes_meetup_on_date", "changes", ["meetup", "on_date"])
    op.create_table(
        "calendar_entries",
        sa.Column("uid", sa.String(64), nullable=False),
        sa.Column("fingerprint", sa.String(16), nullable=False),
        sa.Column("status", sa.String(16), nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("starts_at", moment, nullable=False),
        sa.Column("changed_at", moment, nullable=False),
        sa.PrimaryKeyConstraint("uid", name="pk_calendar_entries"),
    )
    op.create_index("ix_calendar_entries_starts_at", "calendar_entries", ["starts_at"])
    op.create_table(
        "announcements",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("text", sa.JSON, nullable=False),
        sa.Column("audience", sa.JSON, nullable=False),
        sa.Column("send_at", moment, nullable=False),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("confirmed_by", sa.BigInteger),
        sa.Column("confirmed_at", moment),
        sa.Column("withdrawn_at", moment),
        sa.Column("planned_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_announcements"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), nullable=False),
        sa.Column("chat_id", sa.BigInteger, nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False),
        sa.Column("due_at", moment, nullable=False),
        sa.Column("expires_at", moment, nullable=False),
        sa.Column("state", sa.String(8), nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False, server_default="0"),
        sa.Column("claimed_at", moment),
        sa.Column("finished_at", moment),
        sa.Column("problem", sa.String(64)),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("chat_id", "kind", "subject", name="uq_deliveries_chat_id_kind_subject"),
    )
    op.create_index("ix_deliveries_state_expires_at_due_at", "deliveries", ["state", "expires_at", "due_at"])
    op.create_index("ix_deliveries_kind_subject", "deliveries", ["kind", "subject"])
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("telegram_id", sa.BigInteger, nullable=False),
        sa.Column("action", sa.String(32), nullable=False),
        sa.Column("subject", sa.String(96), nullable=False),
        sa.Column("detail", sa.JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
    op.create_table(
        "asked",
        sa.Column("week", sa.Date, nullable=False),
        sa.Column("neighbourhood", sa.String(64), nullable=False),
        sa.Column("theme", sa.String(64), nullable=False),
        sa.Column("times", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("week", "neighbourhood", "theme", name="pk_asked"),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(32), nullable=False),
        sa.Column("holder", sa.String(64), nullable=False),
        sa.Column("until", moment, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_leases"),
    )


def downgrade() -> None:
    """Drop them, and the columns of parents."""
    for table in TABLES:
        op.drop_table(table)
    op.drop_index("ix_parents_unreachable", "parents")
    op.drop_index("ix_parents_wishes", "parents")
    op.drop_index("ix_parents_seen_at", "parents")
    op.drop_index("ix_parents_neighbourhood", "parents")
    with op.batch_alter_table("parents") as parents:
        for column in PARENT_COLUMNS:
            parents.drop_column(column)
