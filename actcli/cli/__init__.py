"""The command line: one file per subcommand, report pages, and what they share; no arithmetic.

    main.py            entry point: signals, exit statuses, one line for an error
    app.py             command group, its subcommands, parsing of the command line
    help.py            layout of help: examples, and options in groups
    options.py         shared options, and the record that holds their values
    argument_words.py  words of the command line: numbers, options, formulas, file names
    spec_arguments.py  activations with their parameters
    commands/          a subcommand each: help, options, validation
    reports/           a report each: what is found, its page, its JSON
    topics/            texts of `actcli help TOPIC`, and their layout
    demo_topics.py     topics of `actcli demo`
    computation.py     what is computed for each x
    evaluate.py        runs of eval and grad
    tabulate.py        runs of table
    x_source.py        sources of x
    csv_input.py       CSV input with its progress bar
    csv_filter.py      the CSV filter
    lookup_table.py    lookup tables and C arrays
    plot.py            plots
    titles.py          names of functions in pages and tables for people
    output_format.py   choice of the output format
    result_rows.py     rows of numbers
    page.py            pages of text for people
    terminal_sink.py   output that escapes control characters on a terminal
    errors.py          error messages
    suggestions.py     suggestions for unknown options, commands and arguments
    synonyms.py        words of other tools
    console.py         text on stdout and stderr that is not a result
    completion/        completion scripts and the man page, generated from the above and the catalogue

Light modules parse and validate without NumPy: all those that commands/ imports at the top. Heavy modules compute, and
import what they need at their top. Only the import of the heavy by the light is late, so that help and usage errors
are fast.
"""

from __future__ import annotations

from actcli.cli.main import main

__all__ = ["main"]
