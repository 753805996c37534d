"""Repairs of aiortc 1.16, one per module, each with its reason, its measurement and a test that fails without it."""
