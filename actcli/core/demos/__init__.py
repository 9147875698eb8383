"""Demonstrations of what activations are for: four small experiments that run in seconds.

    network     layers of units, backpropagation, gradient descent
    datasets    XOR and two moons; the best accuracy of a straight line
    linearity   a deep network with an activation and without one
    threshold   one unit whose bias is swept past the threshold
    training    the same network trained with an activation and without one
    dead_units  units whose derivative has become zero at every point
    sentences   numbers in the sentences that sum up an experiment

Each experiment returns a record of its results, with `columns` for tables and `sentences` for reports. The fields of
the records are the members of the JSON output.
"""
