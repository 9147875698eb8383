"""The words for frameworks and for kinds of activations, apart from the record, that help need not import it."""

from __future__ import annotations

__all__ = ["FRAMEWORKS", "KINDS"]

FRAMEWORKS = {
    "torch": "PyTorch",
    "jax": "JAX",
    "keras": "Keras 3",
    "tf": "TensorFlow",
    "onnx": "ONNX",
    "mlx": "MLX",
    "hf": "Hugging Face transformers",
}
"""The words that stand after @, and whom they stand for."""

KINDS = ("elementwise", "vector", "gated", "stochastic")
"""What an activation can be: elementwise or vector; a vector one may be gated, and either stochastic in training."""
