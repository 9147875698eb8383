"""The subcommands, one file each: options, examples, and the run."""
