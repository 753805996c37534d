"""Administration: accounts, waiting rooms, sessions, emergency access, the audit log."""
