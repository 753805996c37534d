"""The visit: call state, legs, chat and the port of the media engine. No Qt here but in the engine's device adapters."""
