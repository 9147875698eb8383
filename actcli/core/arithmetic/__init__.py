"""The arithmetics that a formula is evaluated with, and differentiation over any of them.

    arithmetic              numbers                                               modules
    double-double           arrays of 78 bits with an error bound                 double_double, dd_*, tables
    scaled double-double    arrays with an exponent and an enclosed remainder     scaled_dd*, remainder_intervals
    ball                    decimal balls of any precision, one at a time         ball*, perturbed_ball, fixed_point
    dual                    a value and its derivative, over any of these         dual, piecewise

`protocol` and `vector_protocol` state what a formula may use of them, `signals` how they say that a result is
undecided; `array_types` names the types of arrays. The double-double functions are the fast path of an evaluation, the
scaled double-doubles its accurate path, the balls its fallback.
"""
