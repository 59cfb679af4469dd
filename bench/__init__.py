"""Repeatable measurements; `just bench` runs them and keeps the results."""
