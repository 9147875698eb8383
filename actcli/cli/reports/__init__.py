"""Report pages: what show, compare, list and demo print, as text, JSON or rows.

show      one activation
compare   differences of activations, and their effect on data
accuracy  errors of a column of results (compare --y)
list      the catalogue
demo      experiments
kinks     kinks as columns of a table, for show and compare
"""
