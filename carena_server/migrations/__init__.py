"""The database's history, one step per file in ``versions``. Steps that were released never change."""
