"""The arithmetics that a formula is written against, and how the derivative comes of each.

fast   arrays of numbers of 78 bits that know a bound on their error     headtail, fast*, series, tables
wide   arrays with exponents of their own and remainders of known sign   wide*, settle
exact  decimal balls of any precision, one number at a time              exact*, open_exact
dual   a number and its slope, over any of these                         dual, pieces
"""
