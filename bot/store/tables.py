"""The tables, as the newest migration leaves them; a test holds the two together. Times are aware, in UTC."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Dialect,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    false,
    true,
)


class UtcDateTime(TypeDecorator[datetime]):
    """An aware datetime that is UTC in the store; SQLite, which knows no zones, gets it without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn the value to UTC; refuse one without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("A datetime without a zone cannot be stored; pass an aware one.")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the value its zone back."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if dialect.name == "sqlite" else value.astimezone(UTC)


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    },
)

parents = Table(
    "parents",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("language", String(8)),
    Column("neighbourhood", String(64)),
    Column("created_at", UtcDateTime, nullable=False),
    Column("seen_at", UtcDateTime, nullable=False),
    # The first day of the month in which the child was born, and how many weeks too early.
    Column("child_born", Date),
    Column("weeks_early", Integer),
    # Hours of the day on the wall; nothing means that this reminder is not wanted.
    Column("evening_hour", Integer, server_default="19"),
    Column("wants_two_hours", Boolean(create_constraint=False), nullable=False, server_default=true()),
    Column("consented_at", UtcDateTime),
    # Since when messages cannot be delivered, because the parent blocked the bot or is gone from Telegram.
    Column("unreachable_at", UtcDateTime),
    # Since when the parent, who said stop, is sent nothing of the bot's own accord.
    Column("stopped_at", UtcDateTime),
)
Index("ix_parents_neighbourhood", parents.c.neighbourhood)
Index("ix_parents_seen_at", parents.c.seen_at)
# Holds all that tells who wants a reminder when, so that among a million parents half as much is read.
Index("ix_parents_wishes", parents.c.chat_id, parents.c.evening_hour, parents.c.wants_two_hours)
Index(
    "ix_parents_unreachable",
    parents.c.chat_id,
    sqlite_where=parents.c.unreachable_at.is_not(None),
    postgresql_where=parents.c.unreachable_at.is_not(None),
)

# No chat id and no time of day: nobody can tell who found an answer unclear.
feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("answer", String(64), nullable=False),
    Column("text_hash", String(128), nullable=False),
    Column("language", String(8), nullable=False),
    Column("is_helpful", Boolean(create_constraint=False), nullable=False),
    Column("reason", String(16)),
    Column("given_on", Date, nullable=False),
    Index(None, "answer", "text_hash"),
)

dialogues = Table(
    "dialogues",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(32), nullable=False),
    Column("data", JSON, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

inbox = Table(
    "inbox",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("chat_id", BigInteger),
    Column("payload", Text),
    Column("received_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    # How often the program may have ended on it.
    Column("attempts", Integer, nullable=False, server_default="0"),
    # Of a chat that was forgotten before this had its reply.
    Column("is_of_forgotten", Boolean(create_constraint=False), nullable=False, server_default=false()),
)
Index("ix_inbox_chat_id", inbox.c.chat_id)
Index(
    "ix_inbox_unfinished",
    inbox.c.received_at,
    sqlite_where=inbox.c.finished_at.is_(None),
    postgresql_where=inbox.c.finished_at.is_(None),
)

groups = Table(
    "groups",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("greeted_at", UtcDateTime, nullable=False),
)

# What a parent asked to be told of: kind is "meetup", "neighbourhood" or "tips", subject the id of it.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("kind", String(16), primary_key=True),
    Column("subject", String(64), primary_key=True),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("ix_subscriptions_kind_subject", subscriptions.c.kind, subscriptions.c.subject)

# Who said "ik kom" to a meeting (its uid), and how old their child is; erased when the meeting is over.
attendances = Table(
    "attendances",
    metadata,
    Column("chat_id", BigInteger, primary_key=True, autoincrement=False),
    Column("occurrence", String(64), primary_key=True),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("age_months", Integer),
    Column("created_at", UtcDateTime, nullable=False),
)
Index("ix_attendances_occurrence", attendances.c.occurrence)
Index("ix_attendances_starts_at", attendances.c.starts_at)

# What coordinators changed by phone, laid over the files; never changed, so the newest counts.
changes = Table(
    "changes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("meetup", String(64), nullable=False),
    Column("on_date", Date, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("data", JSON, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("written_at", UtcDateTime),
    Index(None, "meetup", "on_date"),
)

# Each meeting as it was last seen: when its time, place or status changes, the sequence rises and people are told.
calendar_entries = Table(
    "calendar_entries",
    metadata,
    Column("uid", String(64), primary_key=True),
    Column("fingerprint", String(16), nullable=False),
    Column("status", String(16), nullable=False),
    Column("sequence", Integer, nullable=False),
    Column("starts_at", UtcDateTime, nullable=False),
    Column("changed_at", UtcDateTime, nullable=False),
    # Of a theme nobody is told, but calendars take it over: which it is, how often it changed, and when last.
    Column("theme", String(16), nullable=False, server_default=""),
    Column("themes", Integer, nullable=False, server_default="0"),
    Column("themed_at", UtcDateTime),
)
Index("ix_calendar_entries_starts_at", calendar_entries.c.starts_at)

# Announcements written by phone; those of the file need no row.
announcements = Table(
    "announcements",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("text", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("send_at", UtcDateTime, nullable=False),
    Column("made_by", BigInteger, nullable=False),
    Column("made_at", UtcDateTime, nullable=False),
    Column("confirmed_by", BigInteger),
    Column("confirmed_at", UtcDateTime),
    Column("withdrawn_at", UtcDateTime),
    Column("planned_at", UtcDateTime),
)

# The outbox: planned twice, a message is still one row.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("chat_id", BigInteger, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("subject", String(96), nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    Column("state", String(8), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("claimed_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Column("problem", String(64)),
    UniqueConstraint("chat_id", "kind", "subject"),
)
Index("ix_deliveries_state_expires_at_due_at", deliveries.c.state, deliveries.c.expires_at, deliveries.c.due_at)
Index("ix_deliveries_kind_subject", deliveries.c.kind, deliveries.c.subject)

# What the team did, for whoever must be able to ask later. No parent is named in it.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcDateTime, nullable=False),
    Column("telegram_id", BigInteger, nullable=False),
    Column("action", String(32), nullable=False),
    Column("subject", String(96), nullable=False),
    Column("detail", JSON, nullable=False),
)
Index("ix_audit_at", audit.c.at)

# How often a theme was asked about in a wijk in one week; nobody can be found back in it.
asked = Table(
    "asked",
    metadata,
    Column("week", Date, primary_key=True),
    Column("neighbourhood", String(64), primary_key=True),
    Column("theme", String(64), primary_key=True),
    Column("times", Integer, nullable=False),
)

# Questions that found no answer, blanked, kept because a parent agreed. No chat, no day, and a number drawn at random,
# so that not even the order of rows tells whose one is.
questions = Table(
    "questions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("week", Date, nullable=False),
    Column("language", String(8), nullable=False),
    Column("text", Text, nullable=False),
)
Index("ix_questions_week", questions.c.week)

# What the team was told that needs a person; nothing of a parent stands in it. ``over`` is what is told afterwards.
alerts = Table(
    "alerts",
    metadata,
    Column("key", String(96), primary_key=True),
    Column("mark", String(64), nullable=False),
    Column("over", Text, nullable=False),
    Column("told_at", UtcDateTime, nullable=False),
    Column("gone_at", UtcDateTime),
)

# When something that should happen again and again happened last.
heartbeats = Table(
    "heartbeats",
    metadata,
    Column("name", String(32), primary_key=True),
    Column("at", UtcDateTime, nullable=False),
)
