"""The visit: call state, legs, chat, the port of the media engine. No Qt but in the engine's device adapters."""
