"""Evaluation: correctly rounded values and derivatives of an activation with its parameters bound.

quantity             an activation with its parameters, and the number asked of it: f, f', one side, by a parameter
function             f as evaluation uses it; catalogue entries and expressions implement it
elementwise          a quantity at each element of an array: special points, then the escalation
special_points       nan, infinities, zeros, kinks, points outside the domain
escalation, ziv      double-double, scaled double-double, arbitrary precision; the rounding test between them
arbitrary_precision  balls of growing precision, and limits at the infinities
interval_rounding    rounding of an enclosing interval
exact_digits         exact values to any number of digits
one_sided            one-sided limits at a point: kinks and jumps
intervals, interval_functions, enclosures
interval arithmetic, and f and its derivatives over cells of the line
triviality           the classes of results: 0, 1, x, a limit, subnormal, overflow
trivial_intervals    the intervals of one class in a number format
trivial_cells, trivial_proofs, number_line, differences
the search for such intervals in wide formats, its proofs, and what they use
undecided            the count of results that no precision decides
vectors, vector_balls, gated, selections
vector activations, their Jacobians, and those whose outputs depend on two inputs at most
stochastic           random slopes and Gumbel noise, as in training
"""
