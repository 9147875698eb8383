"""Run the command line: python -m actcli."""

from actcli.cli import main

main()
