"""The signed-in session: server trust, tokens, the signaling connection and the waiting room. No Qt, no media."""
