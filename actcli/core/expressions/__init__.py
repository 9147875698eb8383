"""Expressions: formulas in x that a user types, parsed into activations.

lexer, parser, nodes     text -> tokens -> tree -> canonical text
functions, hints         the functions of the language, and hints for the syntax of other languages
exact_constants, exact_trig, entry_parameters
                         values that are rational, and the parameters of catalogue calls
interpreter_base         what both interpreters share, and the convention at ties
interpreter              evaluation at one number
array_interpreter        evaluation at arrays, with masks for undecided elements and those outside the domain
formula, function        an expression as f, and its evaluation strategy
arbitrary_precision      unbounded balls of growing precision
activation               the record that the rest of the program uses
kinks, limits            nondifferentiable points; limits at the infinities
derivative, second_derivative, simplify
                         the symbolic derivatives, for display
"""
