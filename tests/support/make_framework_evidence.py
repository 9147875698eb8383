"""Write what the installed frameworks return for the cases of `frameworks.CASES` into `evidence/paths.csv`.

    python -m tests.support.make_framework_evidence torch jax onnx
    KERAS_BACKEND=jax python -m tests.support.make_framework_evidence keras
    TFA_SOURCE=DIR python -m tests.support.make_framework_evidence tf

The rows of the frameworks (and backends) named are replaced, the others stay. DIR is the unpacked wheel of
tensorflow-addons 0.23.0. Only the framework is needed, not actcli.
"""

from __future__ import annotations

import csv
import sys
from pathlib import Path

from tests.support.frameworks import CASES, FRAMEWORKS, Framework, Refused

PATHS = Path(__file__).parent / "evidence" / "paths.csv"
COLUMNS = ("framework", "backend", "name", "given", "refused", "x", "values", "derivatives", "version")


def rows_of(framework: Framework) -> list[dict[str, str]]:
    """Return a row for each case of the framework."""
    return [
        {
            "framework": framework.name,
            "backend": framework.backend,
            "name": case.name,
            "given": case.parameters,
            "version": framework.version,
            **_results(framework, case),
        }
        for case in CASES
        if case.framework == framework.name
    ]


def _results(framework: Framework, case: object) -> dict[str, str]:
    try:
        values, derivatives = framework.run(case, case.points)  # type: ignore[arg-type, attr-defined]
    except Refused as error:
        return {"refused": str(error)[:100], "x": "", "values": "", "derivatives": ""}
    lists = {"x": case.points, "values": values, "derivatives": derivatives or []}  # type: ignore[attr-defined]
    return {"refused": ""} | {column: " ".join(map(repr, numbers)) for column, numbers in lists.items()}


def main(names: list[str]) -> None:
    """Replace the rows of the frameworks called `names`."""
    with PATHS.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for name in names:
        framework = FRAMEWORKS[name]()
        rows = [row for row in rows if (row["framework"], row["backend"]) != (framework.name, framework.backend)]
        rows += rows_of(framework)
    rows.sort(key=lambda row: (row["framework"], row["backend"]))
    with PATHS.open("w", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


if __name__ == "__main__":
    main(sys.argv[1:])
