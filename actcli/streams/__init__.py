"""Numbers in and rows out: ranges, files, CSV and the writers of every format. Independent of activations.

    files               sources and sinks of bytes: stdin, stdout, files, compressed or not
    compression         gzip, bz2, xz and zstd
    file_types          recognition of files that are not text
    atomic_output       a file that is replaced atomically, with its mode, ACL and attributes
    interruptible_wait  waiting for input without missing a signal
    ranges              the points of --range
    double_rounding     where rounding a float64 again would be double rounding
    json_text           strings and numbers as JSON
    table_writers       columns of text -> csv, tsv, json, jsonl, md or plain

The CSV filter, in the order of its pipeline:

    csv.filter            the loop over the blocks
    csv.block_reader      bytes -> blocks of whole rows, after what precedes them (csv.preamble)
    csv.plan              decisions before the first data row: header (csv.header_detection), columns
                          (csv.column_selection), new names; the errors of a row (csv.number_hints)
    csv.kernels           the choice between the two kernels
    csv.executor          runs a kernel on the blocks, in order; csv.worker does so in a second process too
    csv.fast_path         the kernel for regular blocks, in arrays: csv.block_tokenizer (cells), csv.float_parser,
                          csv.float_formatter, csv.splice (the output)
    csv.row_kernel        the kernel for all blocks, row by row: csv.row_reader (records), csv.cells,
                          csv.column_parser (numbers), csv.row_writers (csv, jsonl, plain)
    csv.blocks            the types that these exchange
    csv.column_reader     numeric columns for commands that only read

Modules of the standard library that only some runs need (csv, difflib, json, zlib) are imported where they are
used: start-up time is part of the speed budget.
"""
