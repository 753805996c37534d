"""The demonstration clinic: a whole visit on one machine, also used by the end-to-end tests. Never shipped."""
