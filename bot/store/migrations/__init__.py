"""The steps by which the tables came to be, in the manner of Alembic."""
