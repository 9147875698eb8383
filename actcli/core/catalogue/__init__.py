"""Catalogue: the activations, their parameters, and their names and variants in frameworks.

activation          the record of an activation, and the decorator that adds one
parameters          parameters: valid values, parsing, messages
parameter_formulas  rational expressions in parameters
families            the activations themselves
registry            finds an activation by any spelling of its name
search              finds activations by word, framework and kind
frameworks          NAME@FRAMEWORK
framework_forms     an activation as each framework has it, for display
vocabulary          the words for frameworks and kinds
"""
