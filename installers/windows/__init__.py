"""Packages for Windows, made on Linux."""
