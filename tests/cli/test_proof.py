"""Which published file is installed: real pip and uv, real environments, a local index with byte ranges."""
import base64
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import unittest

from support import Case, record_hash


def find_uv():
    """uv from ENVLOCK_UV or PATH; the tests of uv are skipped without it."""
    return os.environ.get("ENVLOCK_UV") or shutil.which("uv")


class Proof(Case):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        script = b"#!python\nprint('delta')\n"
        cls.index.add("delta", "1.0", files={
            "delta/__init__.py": b"x = 1\n", "delta/native.txt": b"\0" * 5000,
            "delta-1.0.data/scripts/delta-run": script, "delta-1.0.data/data/share/delta/note.txt": b"note\n",
            "delta-1.0.data/purelib/delta_extra.py": b"y = 2\n",
            "delta-1.0.dist-info/entry_points.txt": b"[console_scripts]\ndelta = delta:main\n"})
        cls.index.add("shared-one", "1.0", files={"shared/__init__.py": b"one\n", "one.py": b"1\n"})
        cls.index.add("shared-two", "1.0", files={"shared/__init__.py": b"two\n", "two.py": b"2\n"})

    def setUp(self):
        super().setUp()
        self.index.ranges = True
        self.index.requests.clear()

    def evidence(self):
        return {c["key"]: c["evidence"] for c in self.layer("python")["components"] if c["kind"] == "distribution" and "evidence" in c}

    def rules(self):
        return [(n["rule"], n["component"]) for n in self.layer("python")["notes"] if n.get("rule")]

    def ranges(self):
        return [headers["Range"] for path, headers in self.index.requests if "Range" in headers]

    def rewrite_row(self, dist, path, data):
        record = next(self.site.glob(f"{dist}-*.dist-info/RECORD"))
        text = record.read_bytes().decode()
        record.write_bytes(re.sub(rf"^{re.escape(path)},[^\r\n]*", f"{path},{record_hash(data)},{len(data)}", text, flags=re.M).encode())

    def test_every_wheel_that_pip_installed_is_proved_with_one_range_and_the_hash_pip_used(self):
        self.pip("install", "--report", str(self.root / "report.json"), "alpha", "gamma", "delta")
        used = {item["metadata"]["name"]: item["download_info"]["archive_info"]["hashes"]["sha256"]
                for item in json.loads((self.root / "report.json").read_text())["install"]}
        self.index.requests.clear()
        self.envlock("capture", code=0)
        for name, sha256 in used.items():
            component = self.component("python", name)
            self.assertEqual(component["evidence"], "proved", name)
            self.assertEqual(component["artifact"]["sha256"], sha256)
        self.assertEqual(len(self.ranges()), len(used))
        self.assertFalse([path for path, _ in self.index.requests if path.endswith(".metadata")])

    def test_a_second_capture_sends_nothing_and_writes_the_same_environment(self):
        self.pip("install", "alpha", "delta")
        first = self.envlock("capture", "--json", code=0)
        self.index.requests.clear()
        second = self.envlock("capture", "--json", code=0)
        self.assertEqual(self.index.requests, [])
        self.assertEqual(json.loads(first.stdout)["environment"], json.loads(second.stdout)["environment"])

    def test_a_file_changed_together_with_its_record_row_is_told_from_the_publishers(self):
        self.pip("install", "gamma")
        evil = b"import os\n"
        (self.site / "gamma/__init__.py").write_bytes(evil)
        self.rewrite_row("gamma", "gamma/__init__.py", evil)
        self.envlock("capture", code=0)
        self.assertIn(("PY019", "gamma"), self.rules())
        self.assertEqual(self.evidence()["gamma"], "probable")

    def test_a_file_that_was_added_with_a_row_and_a_row_that_was_removed_are_found(self):
        self.pip("install", "gamma")
        record = next(self.site.glob("gamma-*.dist-info/RECORD"))
        whole = record.read_text()
        (self.site / "gamma/evil.py").write_bytes(b"evil\n")
        record.write_text(whole + f"gamma/evil.py,{record_hash(b'evil' + bytes([10]))},5\n")
        self.envlock("capture", code=0)
        self.assertIn(("PY019", "gamma"), self.rules())
        record.write_text("".join(line for line in whole.splitlines(True) if not line.startswith("gamma/data.txt")))
        self.envlock("capture", code=0)
        self.assertIn(("PY019", "gamma"), self.rules())

    def test_a_server_without_ranges_is_read_whole_and_checked(self):
        self.index.ranges = False
        self.pip("install", "gamma")
        self.envlock("capture", code=0)
        self.assertEqual(self.evidence()["gamma"], "proved")

    def test_no_proof_reads_no_published_file(self):
        self.pip("install", "gamma")
        self.index.requests.clear()
        self.envlock("capture", "--no-proof", code=0)
        self.assertEqual(self.evidence()["gamma"], "consistent")
        self.assertEqual(self.ranges(), [])

    def test_a_rebuilt_wheel_is_not_the_published_one(self):
        self.pip("install", "gamma")
        metadata = next(self.site.glob("gamma-*.dist-info/METADATA"))
        text = metadata.read_bytes() + b"Author: built here\n"
        metadata.write_bytes(text)
        self.rewrite_row("gamma", f"{metadata.parent.name}/METADATA", text)
        self.envlock("capture", code=0)
        self.assertEqual(self.evidence()["gamma"], "built-from-source")
        self.assertEqual(self.component("python", "gamma")["codeEquals"], "gamma-0.5-py3-none-any.whl")

    def test_pip_target_and_no_compile_installs_are_proved_too(self):
        target = self.project / "lib"
        self.pip("install", "--no-deps", "--target", str(target), "delta")
        self.envlock("capture", code=0, env={"PYTHONPATH": str(target)})
        self.assertEqual(self.evidence()["delta"], "proved")
        self.assertNotIn("delta", [component for _, component in self.rules()])
        self.pip("install", "--no-compile", "delta")
        self.envlock("capture", code=0)
        self.assertEqual(self.evidence()["delta"], "proved")

    @unittest.skipUnless(find_uv(), "uv is not installed")
    def test_uv_in_every_link_mode_is_proved_and_gives_the_environment_that_pip_gives(self):
        self.pip("install", "alpha", "delta", "shared-one")
        self.pip("uninstall", "-y", "pip", "setuptools")
        self.envlock("capture", code=0)
        by_pip = {c["key"]: (c["digest"], c["artifact"]["sha256"]) for c in self.layer("python")["components"] if c["kind"] == "distribution"}
        for mode in ("copy", "hardlink", "clone", "symlink"):
            with self.subTest(mode):
                venv = self.root / mode / ".venv"
                venv.parent.mkdir()
                env = {**self.env, "UV_CACHE_DIR": str(self.root / "uv-cache"), "UV_PYTHON_DOWNLOADS": "never"}
                subprocess.run([find_uv(), "-q", "venv", "--python", sys.executable, venv], check=True, env=env)
                subprocess.run([find_uv(), "-q", "pip", "install", "--python", venv, "--index-url", self.index.url, "--link-mode", mode,
                                "alpha", "delta", "shared-one"], check=True, env=env)
                (venv.parent / "envlock.toml").write_text("")
                self.envlock("capture", code=0, cwd=venv.parent)
                manifest = json.loads((venv.parent / "envlock.lock").read_text())
                components = {c["key"]: c for c in self.layer("python", manifest)["components"] if c["kind"] == "distribution"}
                self.assertEqual({k: c["evidence"] for k, c in components.items()}, {k: "proved" for k in by_pip})
                self.assertEqual({k: (c["digest"], c["artifact"]["sha256"]) for k, c in components.items()}, by_pip)
