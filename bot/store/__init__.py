"""What is remembered: tables, migrations, one function per statement.

The only room that knows SQL. Every function takes an open connection of :class:`bot.store.database.Store`,
so that several of them share one transaction. Datetimes are aware and kept in UTC.
"""
