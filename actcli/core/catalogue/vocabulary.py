"""The words for frameworks and for kinds of activations, in a module of their own so that help stays light."""

from __future__ import annotations

__all__ = ["FRAMEWORKS", "FRAMEWORK_ALIASES", "KINDS"]

FRAMEWORKS = {
    "torch": "PyTorch",
    "jax": "JAX",
    "keras": "Keras 3",
    "tf": "TensorFlow",
    "onnx": "ONNX",
    "mlx": "MLX",
    "hf": "Hugging Face transformers",
}
"""The frameworks by the word after @, with their titles."""

FRAMEWORK_ALIASES = {"pytorch": "torch", "tensorflow": "tf", "huggingface": "hf", "transformers": "hf"}
"""Other words for frameworks that are accepted after @, in lower case."""

KINDS = ("elementwise", "vector", "gated", "stochastic")
"""Kinds of activations: elementwise or vector; a vector one may be gated, and either stochastic in training."""
