"""Analysis: properties, landmarks, differences and errors of activations, found by searching, proven by enclosures.

    breakpoints      kinks and jumps as floats
    curve_samples    samples for plots, dense where a curve oscillates
    maxima           global maxima, to the last digit
    search           bisection to neighbouring floats, zooming on a maximum
    landmarks        zeros, extrema, limits
    steepest         Lipschitz constant
    proofs           where f rises, falls and is 0, and bounds of |f'|, by subdivision of cells
    parity           whether a formula is odd by its form
    evidence         how facts are known
    survey           the proofs of one activation, and the evidence for its facts
    inferred_facts   range, monotonicity, symmetry and saturation where the catalogue does not state them
    comparison       differences of two activations
    accuracy         ulp errors of given results
    residuals        distances of exact results from the correctly rounded ones
    lookup_error     approximation errors of lookup tables
    data_statistics  statistics of data under activations
    rechunk          chunks of one size from a stream of arrays

A search stops escalating after SEARCH_LIMIT undecided points (evaluation/undecided.py); these count as nan.
"""
