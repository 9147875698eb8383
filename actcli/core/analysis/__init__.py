"""Analysis: properties, landmarks, differences and errors found by evaluating a function."""
