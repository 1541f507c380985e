"""Lock, environment and manifest, two at a time: on a venv that pip filled from a local index, and on locks that real tools wrote."""
import hashlib
import json
import shutil
import subprocess
import unittest

from support import Case

PROJECT = """[project]
name = "app"
version = "0.1"
requires-python = ">=3.8"
dependencies = ["alpha", "gamma; os_name == 'nt'"]
[project.optional-dependencies]
docs = ["gamma"]
[[tool.poetry.source]]
name = "local"
url = "{url}"
priority = "primary"
[[tool.uv.index]]
url = "{url}"
default = true
[tool.poetry]
package-mode = false
[tool.poetry.dependencies]
python = ">=3.8"
alpha = "*"
"""


class LockCase(Case):
    def lock_findings(self, command=("doctor",)):
        report = json.loads(self.envlock(*command, "--json").stdout)
        found = report["rules"] if "rules" in report else report["findings"]
        return sorted(f"{each['rule']} {each['component']}" for each in found if each["rule"].startswith("PY04"))


class Locks(LockCase):
    def sha256(self, name, version):
        return hashlib.sha256(self.index.files[name][f"{name}-{version}-py3-none-any.whl"]).hexdigest()

    def lock(self, **versions):
        lines = [f"{name}=={version} --hash=sha256:{self.sha256(name, version)}\n" for name, version in versions.items()]
        (self.project / "requirements.txt").write_text("".join(lines))

    def test_doctor_and_capture_say_where_lock_and_environment_disagree(self):
        self.pip("install", "alpha==1.0")
        self.lock(alpha="1.1", beta="3.1", gamma="0.5")

        self.assertEqual(self.lock_findings(), ["PY040 alpha", "PY041 gamma"])
        self.envlock("capture", code=0)

        self.assertEqual(self.component("python", "alpha")["lock"], ["requirements.txt: differs, locked 1.1"])
        self.assertEqual(self.component("python", "beta")["lock"], ["requirements.txt: same"])
        notes = [n for n in self.layer("python")["notes"] if n.get("rule") == "PY040"]
        self.assertEqual(notes[0]["subject"], "requirements.txt ↔ environment")
        self.assertEqual(notes[0]["detail"], "installed 1.0, locked 1.1: the lock is newer")
        self.envlock("diff", code=0)  # what was so at capture is not drift

    def test_the_published_file_behind_a_distribution_is_held_against_the_lock(self):
        self.pip("install", "alpha==1.0")
        self.lock(alpha="1.0", beta="3.1")
        self.envlock("capture", code=0)
        self.assertEqual([n["rule"] for n in self.layer("python")["notes"] if n.get("rule", "").startswith("PY04")], [])

        text = (self.project / "requirements.txt").read_text()
        (self.project / "requirements.txt").write_text(text.replace(self.sha256("alpha", "1.0"), "0" * 64))
        self.envlock("capture", code=0)

        wrong = [n for n in self.layer("python")["notes"] if n.get("rule") == "PY043"]
        self.assertEqual([n["component"] for n in wrong], ["alpha"])
        self.assertIn(self.sha256("alpha", "1.0"), wrong[0]["detail"])

    def test_diff_says_which_of_the_three_moved(self):
        self.pip("install", "alpha==1.0")
        self.lock(alpha="1.0", beta="3.1")
        self.envlock("capture", code=0)

        self.pip("install", "alpha==2.0")
        away = json.loads(self.envlock("diff", "--json", code=1).stdout)["findings"]
        self.lock(alpha="2.0", beta="3.1")
        followed = json.loads(self.envlock("diff", "--json", code=1).stdout)["findings"]

        details = {f["rule"]: f["details"] for f in away if f["component"] == "alpha"}
        self.assertEqual(details["PY102"], ["lock ↔ manifest: requirements.txt: same", "lock ↔ environment: requirements.txt: differs, locked 1.0"])
        self.assertIn("PY040", details)
        self.assertEqual({(f["rule"], f["component"]) for f in followed}, {("PY102", "alpha"), ("PY046", "requirements.txt")})
        self.assertIn("lock ↔ environment: requirements.txt: same", next(f for f in followed if f["rule"] == "PY102")["details"])

    def test_a_list_of_wishes_is_no_lock(self):
        self.pip("install", "alpha==1.0")
        (self.project / "requirements.txt").write_text("alpha\n")
        self.envlock("capture", code=0)
        self.assertNotIn("lock", self.component("python", "alpha"))

        (self.project / "requirements.txt").write_text("alpha\nbeta\n")

        self.envlock("diff", code=0)

    def test_a_broken_lock_is_said_and_the_rest_is_looked_at(self):
        self.pip("install", "alpha==1.0")
        (self.project / "uv.lock").write_text("<<<<<<< ours\n")
        (self.project / "Pipfile.lock").write_text("[" * 100_000)

        done = self.envlock("doctor")

        self.assertIn("PY044", done.stdout)
        self.assertIn("lock file is malformed: uv.lock", done.stdout)
        self.assertIn("lock file is malformed: Pipfile.lock", done.stdout)


class RealTools(LockCase):
    """Each tool locks against the local index; what it wrote must agree with what was installed from it."""

    def run_tool(self, *args, **env):
        if shutil.which(args[0]) is None:
            self.skipTest(f"{args[0]} is not here")
        done = subprocess.run(args, cwd=self.project, env={**self.env, **env}, capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            self.skipTest(f"{args[0]} did not lock: {done.stderr[-300:]}")

    def agree(self, name):
        self.pip("install", "alpha==2.0")
        self.assertEqual(self.lock_findings(), [])
        self.pip("install", "--force-reinstall", "--no-deps", "alpha==1.1")
        self.assertEqual(self.lock_findings(), ["PY040 alpha"])
        self.pip("uninstall", "-y", "beta")
        self.pip("install", "gamma")
        # Poetry 1 does not write down what the project asks for: then nothing is missed on a guess.
        sure = name != "poetry.lock" or "groups = " in (self.project / name).read_text()
        self.assertEqual("PY041 beta" in self.lock_findings(), sure)
        self.envlock("capture", code=0)
        self.assertEqual(self.component("python", "alpha")["lock"], [f"{name}: differs, locked 2.0"])

    def setUp(self):
        super().setUp()
        (self.project / "pyproject.toml").write_text(PROJECT.format(url=self.index.url))

    def test_uv_lock(self):
        self.run_tool("uv", "lock", "--python", str(self.project / ".venv/bin/python"))
        self.agree("uv.lock")

    def test_uv_export_to_pylock(self):
        self.run_tool("uv", "export", "-q", "--no-header", "--format", "pylock.toml", "-o", "pylock.toml", "--python", str(self.project / ".venv/bin/python"))
        (self.project / "uv.lock").unlink()
        self.agree("pylock.toml")

    def test_uv_export_to_hashed_requirements(self):
        self.run_tool("uv", "export", "-q", "--format", "requirements-txt", "-o", "requirements.txt", "--python", str(self.project / ".venv/bin/python"))
        (self.project / "uv.lock").unlink()
        self.agree("requirements.txt")

    def test_poetry_lock(self):
        self.run_tool("poetry", "lock", "--no-interaction")
        self.agree("poetry.lock")

    def test_pdm_lock(self):
        self.run_tool("pdm", "lock", PDM_PYPI_URL=self.index.url, PDM_IGNORE_SAVED_PYTHON="1")
        self.agree("pdm.lock")

    def test_pip_lock(self):
        self.run_tool("pip", "lock", "-q", "alpha", "-o", "pylock.toml")
        self.agree("pylock.toml")


if __name__ == "__main__":
    unittest.main()
