"""A run of `actcli table`: rows, a plot, or a lookup table."""

from __future__ import annotations

from collections.abc import Sequence

from actcli.cli.errors import click_errors, join_or, usage_error
from actcli.cli.options import Options
from actcli.cli.plot import Canvas
from actcli.cli.spec_arguments import Together, bind_all, sourced, split_words
from actcli.cli.task import Task, report_undecided
from actcli.number_formats import FLOATS

__all__ = ["run_table"]


def run_table(words: Sequence[str], grad: bool, plot: bool, verbose: bool, canvas: Canvas, options: Options) -> None:
    """Run `actcli table`."""
    specs, values = split_words(words)
    options = sourced(options._replace(values=values))
    with click_errors(*specs, *options.param), report_undecided():
        bounds = bind_all(specs, options.param, "table")
        if canvas.given and not plot:
            raise usage_error("--width, --height and --charset go with --plot")
        from actcli.core.evaluation.quantity import Quantity

        suffixes = ("", "_grad") if grad else ("",)
        tasks = [
            Task(bound, suffixes, tuple(Quantity(bound, order) for order in range(len(suffixes)))) for bound in bounds
        ]
        from actcli.cli.x_source import from_csv

        csv = from_csv(options)
        if plot:
            _plot(tasks, grad, csv, canvas, options)
        elif csv:
            if options.dtype not in FLOATS:
                raise usage_error(
                    f"{options.dtype} is for tables of a range: from CSV the dtypes are {join_or([*FLOATS])}"
                )
            from actcli.cli.csv_filter import filter_csv

            filter_csv(Together(tasks), options)
        else:
            from actcli.cli.lookup_table import write_lookup

            write_lookup(tasks, verbose, options)


def _plot(tasks: Sequence[Task], grad: bool, csv: bool, canvas: Canvas, options: Options) -> None:
    from actcli.cli.plot import draw, send, span, terminal_of
    from actcli.number_formats import find_format

    if csv:
        raise usage_error("--plot draws functions over a range: it does not go with -i")
    if options.format not in ("auto", "table"):
        raise usage_error(f"--plot draws instead of writing rows: it does not go with -f {options.format}")
    if options.format == "auto" and not options.to_stdout:
        from actcli.cli.result_rows import reject_unsupported_extension

        reject_unsupported_extension(options.output or "")
    bounds = [task.bound for task in tasks]
    send(draw(bounds, span(options), find_format(options.dtype), grad, canvas, terminal_of(options)), options)
