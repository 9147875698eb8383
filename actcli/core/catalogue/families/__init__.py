"""The activations, one module per family."""
