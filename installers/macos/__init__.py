"""Packages for macOS; not run by this project, see docs/admin/packages.md."""
