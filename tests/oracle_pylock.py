"""Reads the locks named in a summary with Python's own TOML parser and compares name, version and hashes.

Usage: oracle_pylock.py SUMMARY; the summary has "= PATH" lines, each followed by "name version hash …" lines.
"""
import re
import sys
import tomllib

WIDTHS = {"sha256": 64, "sha384": 96, "sha512": 128, "md5": 32, "sha1": 40}


def hashes_of(package, of_uv):
    files = ([package["sdist"]] if "sdist" in package else []) + package.get("wheels", [])
    if not of_uv and "archive" in package:
        files.append(package["archive"])
    for file in files:
        pairs = [file["hash"].split(":", 1)] if of_uv and "hash" in file else [] if of_uv else file["hashes"].items()
        for algorithm, digits in pairs:
            if len(digits) == WIDTHS.get(algorithm):
                yield f"{algorithm}:{digits.lower()}"


def expected(path):
    with open(path, "rb") as file:
        lock = tomllib.load(file)
    of_uv = "package" in lock
    for package in lock.get("package", lock.get("packages", [])):
        name = re.sub(r"[-_.]+", "-", package["name"]).lower()
        yield " ".join([f"{name} {package.get('version', '')}", *sorted(hashes_of(package, of_uv))])


def main():
    found, path, locks = [], None, {}
    for line in open(sys.argv[1], encoding="utf-8").read().splitlines():
        if line.startswith("= "):
            path = line[2:]
            found = locks[path] = []
        else:
            found.append(line)
    wrong = [path for path, lines in locks.items() if sorted(expected(path)) != sorted(lines)]
    for path in wrong:
        print("differs:", path)
    return 1 if wrong or len(locks) < 15 else 0


if __name__ == "__main__":
    sys.exit(main())
