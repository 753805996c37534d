"""The lock: when the window hides everything, what is seen meanwhile, and what opens it again."""
