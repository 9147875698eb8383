"""The catalogue's entries, a family to a file."""
