"""Evaluation: correctly rounded values and derivatives of an activation with its parameters bound."""
