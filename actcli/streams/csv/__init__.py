"""The CSV filter: rows in, the same rows with computed columns out.

    source -> BlockReader: blocks of whole rows -> Executor: FastKernel, or else RowKernel -> sink

See the package `actcli.streams` for the modules.
"""
