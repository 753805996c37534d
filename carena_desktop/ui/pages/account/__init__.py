"""One's own account: password, second factor, sessions, emergency access."""
