"""Holds a running server to its own description of its interface. See ../README.md."""
