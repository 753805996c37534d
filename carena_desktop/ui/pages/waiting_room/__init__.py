"""The waiting room: who is here, for how long, and starting a visit."""
