"""Display: tables, plots, reports and progress for people, and the properties of their terminal.

Only this package may import rich, and only when a table needs it. It knows nothing of activations, options or files:
text and numbers come in, text goes out.

    terminal      colour, size and character set of a stream
    numbers       significant digits; alignment at the decimal point
    table         columns of text and numbers
    rich_table    the same with wrapped text, by rich
    report        sections of text, tables and bars
    plot          curves drawn with characters
    decision_map  the regions of a classifier, drawn with characters
    progress      a progress bar for long runs
"""
