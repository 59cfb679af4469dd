"""Seconds spent per move; the speed class of a time control."""
