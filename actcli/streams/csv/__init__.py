"""The CSV filter: rows in, the same rows with computed columns out."""
