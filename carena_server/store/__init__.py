"""The store in SQL: SQLAlchemy Core on SQLite. Nothing outside this package knows that."""
