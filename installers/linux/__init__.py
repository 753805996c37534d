"""Debian packages of the desktop and of the server."""
