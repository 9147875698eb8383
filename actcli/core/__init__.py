"""The activation core: what an activation is, what its value is, and what can be found out about it.

    arithmetic   numbers: double-doubles, scaled double-doubles, balls, dual numbers
    catalogue    what an activation is: one entry per activation, parameters, frameworks
    evaluation   what its value is: the escalation, special points, exact digits, vectors
    expressions  formulas that a user types
    analysis     what can be found out about a function: kinks, landmarks, differences, errors
    demos        small networks that show why activations exist

spec parses SPEC; array_api evaluates NumPy arrays. The core imports NumPy and the standard library only.
"""
