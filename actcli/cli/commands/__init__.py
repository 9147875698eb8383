"""Subcommands, one file each: examples, options and run. What a run needs beyond validation is imported late."""
