"""Analysis: what sampling and searching find out about an activation.

breakpoints        kinks and jumps as floats
maxima             global maxima, to the last digit
bisection          intervals shrunk to neighbouring floats
landmarks          zeros, extrema, limits, Lipschitz constant
inferred_facts     range, monotonicity, symmetry and saturation where the catalogue does not state them
comparison         differences of two activations
accuracy           ulp errors of given results
lookup_error       approximation errors of lookup tables
data_statistics    statistics of data under activations
rechunk            chunks of one size from a stream of arrays
"""
