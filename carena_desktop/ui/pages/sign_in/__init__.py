"""Signing in: address, account, first contact with a server."""
