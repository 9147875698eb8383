"""Real shells in a pseudo-terminal: a line is typed, TAB is pressed, and the shell reports line and offers."""

from __future__ import annotations

import os
import pty
import select
import shutil
import struct
import subprocess
import termios
from fcntl import ioctl
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support.child_processes import PATIENCE, default_signals


class Answer(NamedTuple):
    """The result of TAB: the line after it, and the offers."""

    line: str
    offers: list[str]


class Shell:
    """An interactive shell in a pseudo-terminal, which completes one line after the other.

    command  the words that start it
    setup    a script that it sources first. The script binds Ctrl-X Ctrl-G to write `line`, the line and `end` to
             descriptor {fd} and to empty the line, and has the completion write `offers` and its offers there. Each
             word ends in NUL.
    """

    def __init__(self, command: list[str], setup: str, cwd: Path, **extra: str) -> None:
        if shutil.which(command[0]) is None:
            pytest.skip(f"{command[0]} is not installed here")
        self._master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        self._reports, tell = os.pipe()
        environ = {"PATH": os.environ["PATH"], "HOME": str(cwd), "TERM": "xterm", "LC_ALL": "C.UTF-8", **extra}
        self._process = subprocess.Popen(
            command, stdin=slave, stdout=slave, stderr=slave, cwd=cwd, env=environ, pass_fds=[tell],
            start_new_session=True, preexec_fn=default_signals(_take_terminal),
        )  # fmt: skip
        os.close(slave)
        os.close(tell)
        script = cwd / ".setup"
        script.write_text(setup.replace("{fd}", str(tell)))
        self._type(f"source {script}\n")
        self._words()

    def tab(self, line: str, left: int = 0) -> Answer:
        """Type `line`, move the cursor `left` by so many characters, and press TAB."""
        self._type(line + "\x02" * left + "\t\x18\x07")
        words = self._words()
        at = len(words) - words[::-1].index("line") - 1
        return Answer(words[at + 1], [word for word in words[:at] if word != "offers"])

    def run(self, line: str) -> None:
        """Run a command."""
        self._type(f"{line}\n\x18\x07")
        self._words()

    def close(self) -> None:
        """End the shell."""
        self._process.kill()
        self._process.wait()
        os.close(self._master)
        os.close(self._reports)

    def _type(self, keys: str) -> None:
        os.write(self._master, keys.encode())

    def _words(self) -> list[str]:
        """Return the words that the shell writes until `end`; read its screen output too, so that it never blocks."""
        words, screen = b"", b""
        while not words.endswith(b"end\0"):
            ready = select.select([self._master, self._reports], [], [], PATIENCE)[0]
            assert ready, f"no answer after {screen!r}, {words!r}"
            if self._master in ready:
                screen += os.read(self._master, 1 << 16)
            if self._reports in ready:
                words += os.read(self._reports, 1 << 16)
        return words.decode("utf-8", "surrogateescape").split("\0")[:-2]


def _take_terminal() -> None:
    """Make the terminal on stdin the controlling one, which job control requires."""
    ioctl(0, termios.TIOCSCTTY, 0)


BASH = r"""
PS1='$ '
bind 'set completion-query-items 0' 'set page-completions off' 'set bell-style none' 2>/dev/null
bind 'set completion-query-items 0'
bind 'set page-completions off'
bind 'set enable-bracketed-paste off'
_tell() { printf 'line\0%s\0end\0' "$READLINE_LINE" >&{fd}; READLINE_LINE=''; READLINE_POINT=0; }
bind -x '"\C-x\C-g": _tell'
source {script}
_reported() {
    _actcli "$@"
    printf 'offers\0' >&{fd}
    ((${#COMPREPLY[@]} == 0)) || printf '%s\0' "${COMPREPLY[@]}" >&{fd}
}
complete -F _reported actcli
{more}
printf 'end\0' >&{fd}
"""


def bash(script: Path, cwd: Path, more: str = "", **extra: str) -> Shell:
    """Return an interactive bash that has run `more` and sourced the script."""
    setup = BASH.replace("{script}", str(script)).replace("{more}", more)
    return Shell(["bash", "--norc", "--noprofile", "-i"], setup, cwd, **extra)


ZSH = r"""
PS1='%# ' LISTMAX=10000 KEYTIMEOUT=1
setopt no_beep no_list_beep no_prompt_sp
autoload -Uz compinit && compinit -u -D
compadd() {
    local -a found
    # Calls that only ask which words match add none.
    if [[ -z ${argv[(r)-[a-zA-Z]#[OAD]]} ]]; then
        builtin compadd -O found "$@"
        (($#found)) && printf '%s\0' offers $found >&{fd}
    fi
    builtin compadd "$@"
}
_tell() { printf 'line\0%s\0end\0' "$BUFFER" >&{fd}; BUFFER=''; zle -I }
zle -N _tell
bindkey '^X^G' _tell
# Otherwise TAB first expands the typed text, and so runs a $(command) by itself.
bindkey '^I' complete-word
{load}
printf 'end\0' >&{fd}
"""


def zsh(script: Path, cwd: Path, load: str = "") -> Shell:
    """Return an interactive zsh that has sourced the script, or run `load` instead."""
    return Shell(["zsh", "-f", "-i"], ZSH.replace("{load}", load or f"source {script}"), cwd)


FISH = r"""
function fish_prompt; end
function fish_greeting; end
function _tell
    printf 'line\0%s\0end\0' (commandline | string collect) >&{fd}
    commandline ''
    commandline -f repaint
end
bind \cx\a _tell
source {script}
printf 'end\0' >&{fd}
"""


def fish(script: Path, cwd: Path) -> Shell:
    """Return an interactive fish that has sourced the script."""
    return Shell(["fish", "--no-config", "-i"], FISH.replace("{script}", str(script)), cwd)
