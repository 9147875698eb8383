"""Report pages: what show, compare and demo print, as text and as JSON."""
