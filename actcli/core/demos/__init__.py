"""Why activation functions: four experiments, small enough to be read and quick enough to be watched.

    network    layers of units, weighted sums, the chain rule, gradient descent
    tasks      points to learn, and the best that a straight line can do with them
    linearity  a deep network with an activation, and without one
    threshold  one unit, its weighted sum swept past its threshold by the bias
    training   the same network with an activation and with none learns to tell two classes apart
    dying      units whose derivative has become zero at every point

Each experiment gives a record of what came of it; the sentences in it are made from its numbers.
"""
