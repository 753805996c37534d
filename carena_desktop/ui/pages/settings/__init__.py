"""Settings: what a person may choose, and what the organization has chosen."""
