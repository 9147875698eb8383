"""The catalogue: one entry per activation, with its parameters, properties and framework variants."""
