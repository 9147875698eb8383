"""Numbers in and rows out: ranges, files, CSV and the writers of every format. Knows nothing of activations.

    files.py     bytes in (`open_source`) and bytes out (`open_sink`)
    records.py   bytes in any pieces -> blocks of whole rows -> records
    cells.py     one cell: its bytes <-> its text
    numbers.py   a column of cells -> numbers of a format
    columns.py   which columns `-c` means
    layout.py    what is settled before the first data row: header, chosen columns, new names
    rendering.py a row and its new numbers -> the row's bytes in csv, jsonl or plain
    filter.py    all of these, read by read: the CSV filter
    ahead.py     the quick way past them for rows that are regular, as most are, block by block:
    quick.py       tokens.py (cells), digits_in.py and digits_out.py (numbers), splice.py (the new bytes), in arrays
    crew.py        in this process, or in another too
    ranges.py    the points of --range
    jsontext.py  words and numbers as JSON
    writers.py   columns of text -> csv, tsv, json, jsonl, md or plain
    rounding.py  which float64 values say too little to round them to a narrower format
    faults.py    what can go wrong, in one line

Modules of the standard library that only some runs need (csv, difflib, gzip, json, zlib) are imported where
they are used: the start of the program is part of what is measured.
"""
