"""The same bits at every SIMD level of NumPy: without AVX-512, without AVX2, and at the baseline."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy._core._multiarray_umath import __cpu_baseline__, __cpu_dispatch__, __cpu_features__

from tests.support.tiers import is_full, sampled

ROOT = Path(__file__).parents[3]
OFF = {
    "without AVX-512": ("AVX512", "X86_V4"),
    "without AVX2": ("AVX512", "X86_V4", "AVX2", "FMA3", "X86_V3"),
    "baseline": ("",),
}

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from tests.core.evaluation.test_bits import digests
print("\\n".join(f"{key}={digest}" for key, digest in digests(int(sys.argv[2])).items()))
"""


def points() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Some 5,000 fixed points: where activations live, every size, and bit patterns at random."""
    dice = np.random.Generator(np.random.PCG64(7))
    sizes = np.ldexp(dice.uniform(1, 2, 1000), dice.integers(-1074, 1023, 1000)) * dice.choice([-1.0, 1.0], 1000)
    codes = dice.integers(0, 2**64, 300, dtype=np.uint64).view(np.float64)
    dense = [np.linspace(-40, 40, 1601), dice.normal(0, 4, 2000), np.linspace(-1, 1, 257), [0.0, -0.0, np.inf, -np.inf]]
    return np.concatenate([*dense, sizes, codes[np.isfinite(codes)]])


def digests(step: int) -> dict[str, str]:
    """Return a digest of the results of every `step`th entry, for f and the slope, in float64 and float32."""
    from hashlib import blake2b

    import actcli
    from tests.support.oracle import elementwise_entries
    from tests.support.points import spec, usual

    found = {"the points": blake2b(points().tobytes(), digest_size=8).hexdigest()}
    for name, entry in list(elementwise_entries().items())[::step]:
        for order, function in enumerate((actcli.evaluate, actcli.gradient)):
            whole = blake2b(digest_size=8)
            for dtype in (np.float64, np.float32):
                with np.errstate(all="ignore"):
                    x = points().astype(dtype)
                results = function(spec(name, usual(entry)), x)
                whole.update(np.where(np.isnan(results), np.nan, results).astype("<f8").tobytes())
            found[f"{name}-{order}"] = whole.hexdigest()
    return found


def disabled(words: tuple[str, ...]) -> list[str]:
    """The features that NumPy dispatches to here and that can be switched off, of those that begin with a word."""
    known = [name for name in __cpu_dispatch__ if __cpu_features__.get(name) and name not in __cpu_baseline__]
    return [name for name in known if name.startswith(words)]


def step() -> int:
    """Return which entries are compared: all, or in the default tier every fifth."""
    return 1 if is_full() else 5


@pytest.fixture(scope="module")
def here() -> dict[str, str]:
    return digests(step())


@pytest.mark.parametrize("level", sampled(OFF, 1))
def test_same_bits_without_simd(level: str, here: dict[str, str]) -> None:
    """Every entry gives the same bits in a process whose NumPy may not use the faster instructions."""
    off = disabled(OFF[level])
    if not off:
        pytest.skip("this machine has nothing to switch off there")
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(off)}
    command = [sys.executable, "-W", "error", "-c", SCRIPT, str(ROOT), str(step())]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    there = dict(line.split("=") for line in done.stdout.splitlines())
    assert there.keys() == here.keys()
    different = [key for key in here if here[key] != there[key]]
    assert not different, f"{off} off: {', '.join(different)}"


def test_disabling_simd_has_an_effect() -> None:
    """NumPy's own functions take another path with the features disabled, so that the test above can fail."""
    off = disabled(("",))
    if not off:
        pytest.skip("this machine has nothing to switch off")
    code = "import sys, numpy._core._multiarray_umath as m; print(sum(map(m.__cpu_features__.get, sys.argv[1:])))"
    environment = os.environ | {"NPY_DISABLE_CPU_FEATURES": " ".join(off)}
    done = subprocess.run(
        [sys.executable, "-c", code, *off], env=environment, capture_output=True, text=True, check=True
    )
    assert int(done.stdout) == 0
