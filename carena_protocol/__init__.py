"""The signaling protocol that desktop, portal and server share.

Sans-IO by contract: this package imports no asyncio, socket, thread, clock, logger or toolkit, so every rule in it is
tested in milliseconds and holds for both sides. It never sees the inside of a relayed payload beyond its size.
"""
