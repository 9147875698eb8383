"""Expressions: a formula in x that a person has typed, made into an activation like any other."""
