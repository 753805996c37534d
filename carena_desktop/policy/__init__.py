"""What an organization decides for its computers: one table, its sources, and which of them wins."""
