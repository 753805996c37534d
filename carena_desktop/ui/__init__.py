"""The window: pages, widgets, theme, and the one bridge between asyncio and Qt."""
