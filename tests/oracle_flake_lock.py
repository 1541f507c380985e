"""Prints the inputs of flake.lock files: "== FILE", then one line each with path, what it is, rev
and narHash. Written from the format's description alone, so that the reader in C++ can be compared
with something that is not it."""
import json
import sys


def visit(nodes, label, way):
    for name, target in (nodes[label].get("inputs") or {}).items():
        path = way + [name]
        if isinstance(target, list):
            yield "/".join(path), "follows:" + "/".join(target), "", ""
            continue
        locked = {**nodes[target].get("locked", {}), **nodes[target].get("info", {})}
        nar = locked.get("narHash", "")
        yield "/".join(path), locked.get("type", ""), locked.get("rev", ""), nar if nar.endswith("=") or not nar else nar + "="
        yield from visit(nodes, target, path)


for file in sys.argv[1:]:
    print("== " + file)
    with open(file, encoding="utf-8") as text:
        lock = json.load(text)
    if lock.get("version") not in (5, 6, 7):
        print("unsupported")
        continue
    for row in sorted(visit(lock["nodes"], lock["root"], []), key=lambda r: r[0].encode()):
        print("\t".join(row))
