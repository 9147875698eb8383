"""The door for the shell: one file a subcommand, declarations and one call; no arithmetic.

    main.py            the entry point: signals, exit codes, one line when something is wrong
    app.py             the group, its subcommands, and how a command line is read
    help.py            how help is laid out: examples, and options under headings
    hyphens.py         words that begin with a hyphen: numbers, options, or neither
    options.py         the options that commands share, and the one object that a command hands on
    NAME_command.py    a subcommand: its help and its options
    work.py            what the subcommands do: a task, brought together with x and with a sink
    source.py          where x comes from
    rows.py            where results of values and ranges go
    csv_run.py         a run of the CSV filter
    eyes.py            a terminal as a sink
    faults.py          what is said when something is wrong
    nearest.py         what was meant instead
    synonyms.py        what other tools call things
    stdout.py          text that is no result
    stderr.py          a line on stderr
    completion/        what shells and man are told, written from the above and the catalogue

Only click is imported before a command runs; `--help`, `--version` and a mistyped option need no more.
"""

from __future__ import annotations

from actcli.cli.main import main

__all__ = ["main"]
