"""Write the lock files: exact versions with hashes, and no index address.

`make lock` runs this. uv resolves for every platform and Python from 3.11; of each release we keep
the hashes of the files that such a machine would install (CPython, 64-bit x86 or ARM), because the
hashes of everything ever uploaded would make the file four times as long.
"""

import re
import subprocess
import tomllib
from pathlib import Path

ROOT = Path(__file__).parent.parent
USABLE = re.compile(
    r"-(?:py[23.]*3|cp3(?:7|8|9|10|11)-abi3|cp31[1-4]-(?:cp31[1-4]|none|abi3)|cp3\d+-abi3)?.*"
    r"(?:-any|manylinux.*(?:x86_64|aarch64)|musllinux.*(?:x86_64|aarch64)|macosx.*|win_amd64)\.whl$"
)
#: What asks for packages, with uv's options -> the lock file.
LOCKS = {
    ("pyproject.toml", "--all-extras"): "requirements.lock",
    ("tests/clients/requirements.in",): "tests/clients/requirements.lock",
}
OTHER_PYTHON = re.compile(r"-(?:pp\d|graalpy|cp3(?:[6-9]|10)-cp|cp31\d-cp31\dt|cp31[5-9]-cp)")


def resolve(asked: tuple[str, ...]) -> list[dict]:
    """Every locked package as uv's pylock describes it."""
    command = [
        "uv", "pip", "compile", *asked, "--universal", "--quiet",
        "--python-version", "3.11", "--format", "pylock.toml", "--no-header",
    ]  # fmt: skip
    out = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return tomllib.loads(out)["packages"]


def hashes(package: dict) -> list[str]:
    """SHA-256 of the files worth installing: wheels that fit, else the source archive."""

    def name(file: dict) -> str:
        return file.get("name") or file["url"].rsplit("/", 1)[-1]

    wheels = [w for w in package.get("wheels", []) if USABLE.search(name(w))]
    files = [w for w in wheels if not OTHER_PYTHON.search(name(w))]
    if not any(name(w).endswith("-any.whl") for w in files) and "sdist" in package:
        files.append(package["sdist"])
    return sorted({f["hashes"]["sha256"] for f in files})


def write(asked: tuple[str, ...], lock: Path) -> None:
    """Resolve what is asked for into a lock file."""
    lines = [f"# Made by `make lock` from {asked[0]}; do not edit."]
    for package in resolve(asked):
        marker = f" ; {package['marker']}" if "marker" in package else ""
        entry = [f"{package['name']}=={package['version']}{marker}"]
        entry += [f"    --hash=sha256:{digest}" for digest in hashes(package)]
        lines.append(" \\\n".join(entry))
    lock.write_text("\n".join(lines) + "\n")


def main() -> None:
    for asked, lock in LOCKS.items():
        write(asked, ROOT / lock)


if __name__ == "__main__":
    main()
