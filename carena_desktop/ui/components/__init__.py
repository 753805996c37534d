"""Parts of pages that render a view state and emit intents."""
