"""Ctrl-C during start-up: it ends the program at once, with status 130 and without a traceback.

cli.main handles signals, but Python takes some ten milliseconds to import it, as long as for its own start.
"""

import _signal  # type: ignore[import-not-found]  # the module signal would first import enum
import os
import sys

__all__ = ["exit_on_interrupt"]


def exit_on_interrupt() -> None:
    """Exit with status 130 on SIGINT, until cli.main handles it, if this process is the command line.

    Programs that import actcli as a library keep their handler, and an ignored signal stays ignored.
    """
    if not _is_command_line() or _signal.getsignal(_signal.SIGINT) is not _signal.default_int_handler:
        return
    try:
        _signal.signal(_signal.SIGINT, _exit)
    except ValueError:  # not the main thread
        return


def _exit(number: int, frame: object) -> None:
    if os.isatty(2):
        os.write(2, b"\n")  # the terminal has written ^C; the prompt belongs on a new line
    os._exit(128 + number)


def _is_command_line() -> bool:
    """Return whether Python runs the script `actcli`, or the module of this name."""
    program: str = (getattr(sys, "argv", None) or [""])[0]
    if program == "-m":  # Python is looking for the module
        return "actcli" in sys.orig_argv or "-mactcli" in sys.orig_argv
    return os.path.basename(program).removesuffix(".exe") == "actcli"
