"""The kernels of every instruction set beside the scalar ones, by a harness in C: here, and for ARM in an emulator."""

import re
import subprocess

import pytest
from processes import BIN
from scripts_under_test import ROOT

# For ARM the kernels are compiled, which takes its time where others compile too.
pytestmark = pytest.mark.timeout(600)


def test_the_neon_kernels_agree_with_the_scalar_ones():
    result = subprocess.run([ROOT / "scripts/prove-neon"], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout + result.stderr
    assert re.search(r"^pass: neon, \d{2} kernels beside scalar, \d{4} comparisons, 0 failed", result.stdout, re.MULTILINE)


@pytest.fixture(scope="module")
def native(tmp_path_factory):
    """The same harness for this machine, with the kernels of the binaries under test."""
    program = tmp_path_factory.mktemp("agreement") / "agreement"
    kernels = [*(BIN / "CKernels.build").glob("*.o")]
    assert kernels, f"{BIN} has no kernels: run `swift build`, or name the folder by DIEN_BIN"
    subprocess.run(["clang", "-O2", "-std=gnu11", f"-I{ROOT / 'Sources/CKernels/include'}",
                    *(ROOT / "Tests/KernelAgreement").glob("*.c"), *kernels, "-o", program, "-lm", "-lpthread"],
                   check=True, timeout=300)
    return program


@pytest.mark.parametrize("kernels, flag", [("avx2", "avx2"), ("avx512", "avx512f"), ("avx512bf16", "avx512_bf16")])
def test_the_kernels_of_this_machine_agree_with_the_scalar_ones(native, kernels, flag):
    with open("/proc/cpuinfo", encoding="ascii") as file:
        if flag not in file.read():
            pytest.skip(f"this processor has no {kernels}")
    result = subprocess.run([native, kernels], capture_output=True, text=True, timeout=300)
    assert result.returncode == 0, result.stdout
    assert ", 0 failed, " in result.stdout
