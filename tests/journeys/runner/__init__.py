"""Runs the journeys: HTTP scripts that a person can read. See ../README.md."""
