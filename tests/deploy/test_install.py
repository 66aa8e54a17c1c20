"""What the installer says where it cannot install."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.local.instance import ROOT

TOOLS = (
    "bash",
    "env",
    "dirname",
    "mkdir",
    "cat",
    "sha256sum",
    "cut",
    "id",
    "tail",
    "chmod",
    "tee",
)


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the installer reads, on a machine that has nothing but a shell and Python."""
    (tmp_path / "deploy/local").mkdir(parents=True)
    shutil.copy(ROOT / "deploy/local/install.sh", tmp_path / "deploy/local")
    shutil.copytree(ROOT / "requirements", tmp_path / "requirements")
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    (tmp_path / "bin/python3").symlink_to(Path(sys.executable).resolve())
    return tmp_path


def install(checkout: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "deploy/local/install.sh", "--tests"],
        cwd=checkout,
        env={"PATH": str(checkout / "bin"), "HOME": str(checkout)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_machine_that_is_no_debian_is_told_what_to_install(checkout: Path) -> None:
    said = install(checkout)
    assert said.returncode != 0
    assert "no Debian" in said.stderr
    for package in ("chromium", "poppler-utils"):
        assert package in said.stderr
    assert not (checkout / ".venv").exists(), "nothing is half installed"


def test_a_machine_without_python_is_told_so(checkout: Path) -> None:
    (checkout / "bin/python3").unlink()
    said = install(checkout)
    assert said.returncode != 0
    assert "Python 3.11 or later is needed" in said.stderr
