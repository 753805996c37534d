"""Building blocks of the screens. They know Qt and the theme, and nothing of sessions, calls or services."""
