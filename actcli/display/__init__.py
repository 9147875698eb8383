"""What a person looks at: tables, plots, progress; and what is known of the terminal that shows them.

The only room that may import rich, and no module of it does so before a table needs it. It knows nothing of
activations, options or files: text and numbers come in, text goes out.

    terminal   colour, size and character set of a stream
    text       printing foreign text safely; how many columns a text takes
    numbers    a number for a person; numbers aligned at the decimal point
    table      columns of text and numbers
    plot       curves drawn with characters
    progress   a progress bar for long runs
"""
