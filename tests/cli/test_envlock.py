"""The main path: capture, sign, verify, drift, diff, report, on a venv that pip filled from a local index."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import unittest

from support import Case


class MainPath(Case):
    def test_capture_names_the_published_file_of_each_distribution(self):
        self.pip("install", "alpha==1.0", "gamma")

        self.envlock("capture", code=0)

        alpha = self.component("python", "alpha")
        filename = "alpha-1.0-py3-none-any.whl"
        self.assertEqual(alpha["version"], "1.0")
        self.assertEqual(alpha["artifact"]["filename"], filename)
        self.assertEqual(alpha["artifact"]["sha256"], hashlib.sha256(self.index.files["alpha"][filename]).hexdigest())
        self.assertIn(alpha["evidence"], ("consistent", "proved"))
        self.assertEqual(alpha["files"]["modified"], 0)
        self.assertGreater(alpha["files"]["ok"], 0)
        self.assertEqual({layer["id"] for layer in self.manifest()["predicate"]["environment"]["layers"]}, {"nix", "python", "native", "cuda", "platform"})

    def test_an_unchanged_environment_is_clean_and_gives_the_same_digest_again(self):
        self.pip("install", "alpha==1.0")
        self.envlock("capture", code=0)
        first = self.manifest()["predicate"]

        self.envlock("diff", code=0)
        self.envlock("diff", "--level", "metadata", code=0)
        self.envlock("diff", "--level", "full", code=0)
        self.envlock("capture", code=0)

        second = self.manifest()["predicate"]
        self.assertEqual(first["environment"]["digest"], second["environment"]["digest"])
        self.assertEqual(second["sequence"], first["sequence"] + 1)
        self.assertRegex(second["previous"], r"^sha256:[0-9a-f]{64}$")

    def test_two_places_with_the_same_environment_have_the_same_digest(self):
        self.pip("install", "alpha==1.0")
        self.envlock("capture", code=0)
        first = self.manifest()["predicate"]["environment"]["digest"]
        other = self.root / "another place"
        other.mkdir()
        subprocess.run(["python3", "-m", "venv", other / ".venv"], check=True)
        (other / "envlock.toml").write_text("")
        self.project = other
        self.pip("install", "alpha==1.0")

        self.envlock("capture", code=0)

        self.assertEqual(self.manifest()["predicate"]["environment"]["digest"], first)

    def test_every_kind_of_drift_is_found_and_explained(self):
        self.pip("install", "alpha==1.0", "gamma")
        self.envlock("capture", code=0)
        self.pip("install", "alpha==2.0")
        self.pip("uninstall", "-y", "beta")
        (self.site / "gamma/data.txt").write_text("edited\n")

        done = self.envlock("diff", "--json", code=1)

        report = json.loads(done.stdout)
        self.assertTrue(done.stdout.lstrip("{ \n").startswith('"verdict"'))
        self.assertEqual(report["verdict"], "drift")
        rules = {f["component"]: f["rule"] for f in report["findings"] if f["layer"] == "python"}
        self.assertEqual(rules["alpha"], "PY102")
        self.assertEqual(rules["beta"], "PY101")
        self.assertEqual(rules["gamma"], "PY106")
        gamma = next(f for f in report["findings"] if f["component"] == "gamma")
        self.assertEqual(gamma["severity"], "critical")
        self.assertIn("gamma/data.txt", json.dumps(gamma))
        self.assertEqual(sum(f["points"] for f in report["findings"]), report["points"])
        text = self.envlock("diff", code=1).stdout
        self.assertIn("alpha", text)
        self.assertNotIn("\x1b", text)
        self.assertIn("1.0", self.envlock("explain", "alpha", code=0).stdout)

    def test_levels_see_what_they_promise(self):
        self.pip("install", "gamma")
        self.envlock("capture", code=0)
        target = self.site / "gamma/data.txt"
        status = os.stat(target)
        target.write_text("TEXT\n")  # the same size
        os.utime(target, ns=(status.st_atime_ns, status.st_mtime_ns))

        self.envlock("diff", "--level", "metadata", code=0)
        self.envlock("diff", "--level", "cached", code=1)  # ctime gives it away
        self.envlock("diff", "--level", "full", code=1)

    def test_reports_are_written_in_every_format_and_rendered_again(self):
        self.pip("install", "alpha==1.0")
        self.envlock("capture", code=0)
        self.pip("install", "alpha==1.1")

        self.envlock("diff", "-o", "json=r.json", "-o", "html=r.html", "-o", "md=r.md", "-o", "sarif=r.sarif", "-o", "text=r.txt", code=1)
        self.envlock("report", "--from", "r.json", "-o", "html=again.html", code=0)

        html = (self.project / "r.html").read_text()
        self.assertEqual(html, (self.project / "again.html").read_text())
        self.assertNotRegex(html, r"(src|href)=\"https?://")
        sarif = json.loads((self.project / "r.sarif").read_text())
        self.assertTrue(all(r["locations"] for r in sarif["runs"][0]["results"]))
        self.assertTrue((self.project / "r.md").read_text().startswith("<!-- envlock"))

    def test_json_output_matches_its_schema(self):
        try:
            import jsonschema
        except ImportError:
            self.skipTest("python3-jsonschema is not installed; the golden files are validated by the unit tests")
        self.pip("install", "alpha==1.0")
        self.envlock("capture", code=0)
        self.pip("install", "alpha==1.1")
        report = json.loads(self.envlock("diff", "--json", code=1).stdout)

        jsonschema.validate(self.manifest(), json.loads(self.envlock("schema", "manifest", code=0).stdout))
        jsonschema.validate(report, json.loads(self.envlock("schema", "report", code=0).stdout))

    def test_one_component_stands_on_one_line(self):
        self.pip("install", "alpha==1.0")
        self.envlock("capture", code=0)

        lines = (self.project / "envlock.lock").read_text().splitlines()

        self.assertEqual(len([line for line in lines if '"key": "alpha"' in line and '"version": "1.0"' in line]), 1)

    def test_a_project_without_a_lock_is_captured_and_told_that_its_base_is_not_pinned(self):
        done = self.envlock("capture", code=0)

        self.assertIn("NIX001", done.stdout)
        self.assertIn("NIX001", [note["rule"] for note in self.layer("nix")["notes"]])
        self.envlock("diff", code=0)
        self.assertIn("NIX001", self.envlock("doctor").stdout)


class Trust(Case):
    def setUp(self):
        super().setUp()
        self.envlock("init", code=0)
        self.envlock("key", "new", code=0)
        self.envlock("capture", "--offline")

    def test_a_signed_manifest_verifies_without_key_network_and_home(self):
        shutil.rmtree(self.root / "home")

        done = self.envlock("verify", code=0, env={"HOME": ""})

        self.assertIn("valid", done.stdout)
        self.assertIn("SHA256:", done.stdout)

    def test_the_private_key_is_for_its_owner_only(self):
        key = self.root / "home/.config/envlock/signing.key"
        self.assertEqual(key.stat().st_mode & 0o777, 0o600)
        key.chmod(0o644)

        done = self.envlock("capture", "--offline", code=2)

        self.assertIn("chmod 600", done.stderr)

    def test_one_changed_byte_is_untrusted(self):
        path = self.project / "envlock.lock"
        path.write_bytes(path.read_bytes().replace(b'"sequence": 1', b'"sequence": 2'))

        self.assertIn("signature", self.envlock("verify", code=4).stderr)
        self.envlock("diff", code=4)

    def test_a_missing_signature_and_an_unknown_signer_are_untrusted(self):
        (self.project / ".envlock/allowed_signers").write_text("# nobody\n")
        self.envlock("verify", code=4)

        (self.project / "envlock.lock.sig").unlink()
        done = self.envlock("verify", "--json", code=4)
        self.assertEqual(json.loads(done.stdout)["signature"], "signature-missing")
        self.envlock("verify", "--allow-unsigned", code=0)

    def test_a_changed_subject_is_named(self):
        (self.project / "requirements.txt").write_text("alpha\n")
        self.envlock("capture", "--offline")
        (self.project / "requirements.txt").write_text("beta\n")

        self.assertIn("requirements.txt", self.envlock("verify", code=1).stderr)

    def test_capturing_unsigned_leaves_no_old_signature_that_could_pass(self):
        self.envlock("capture", "--offline", "--no-sign")

        self.envlock("verify", code=4)

    @unittest.skipUnless(shutil.which("openssl"), "openssl is not installed")
    def test_the_printed_commands_verify_without_envlock(self):
        commands = self.envlock("verify", "--print-commands", code=0).stdout

        done = subprocess.run(["bash", "-euo", "pipefail", "-c", commands], cwd=self.project, env=self.env, capture_output=True, text=True)

        self.assertEqual(done.returncode, 0, commands + done.stdout + done.stderr)
        self.assertRegex(done.stdout + done.stderr, re.compile("verified|good", re.I))

    @unittest.skipUnless(shutil.which("ssh-keygen"), "ssh-keygen is not installed")
    def test_the_fingerprint_is_the_one_ssh_keygen_shows(self):
        line = self.envlock("key", "export", code=0).stdout
        public = self.root / "k.pub"
        public.write_text(line)

        shown = subprocess.run(["ssh-keygen", "-lf", public], capture_output=True, text=True, check=True).stdout

        self.assertIn(shown.split()[1], self.envlock("key", "show", code=0).stdout)

    def test_key_new_does_not_replace_a_key(self):
        self.assertIn("already", self.envlock("key", "new", code=2).stderr)


class CommandLine(Case):
    def test_help_and_version_are_on_stdout(self):
        self.assertIn("capture", self.envlock("--help", code=0).stdout)
        self.assertRegex(self.envlock("--version", code=0).stdout, r"^envlock \d")
        for verb in ("init", "key", "capture", "verify", "diff", "report", "explain", "doctor", "schema"):
            self.assertIn("Usage", self.envlock(verb, "--help", code=0).stdout)

    def test_wrong_usage_is_an_error_that_says_so(self):
        for args in (("nonsense",), ("diff", "--level", "deep"), ("diff", "-o", "pdf=x"), ("--profile", "../x", "diff"), ()):
            done = self.envlock(*args, code=2)
            self.assertIn("error: wrong usage", done.stderr)

    def test_colour_only_where_it_is_wanted(self):
        self.envlock("capture", "--offline")
        (self.site / "sitecustomize.py").write_text("import os\n")

        self.assertNotIn("\x1b", self.envlock("diff", code=1).stdout)
        self.assertIn("\x1b[", self.envlock("--color", "always", "diff", code=1).stdout)
        self.assertNotIn("\x1b", self.envlock("diff", code=1, env={"NO_COLOR": "1"}).stdout)

    def test_exit_codes_can_be_chosen_for_drift_only(self):
        self.envlock("capture", "--offline")
        (self.site / "sitecustomize.py").write_text("import os\n")

        self.envlock("diff", "--exit-zero", code=0)
        self.envlock("diff", "--exit-code", "42", code=42)
        self.envlock("diff", "nowhere.lock", "--exit-zero", code=2)

    def test_manifests_come_from_files_git_and_standard_input(self):
        self.envlock("capture", "--offline")
        git = ["git", "-c", "user.name=t", "-c", "user.email=t@index.example"]
        subprocess.run(["git", "init", "-q"], cwd=self.project, check=True)
        subprocess.run(["git", "add", "envlock.lock"], cwd=self.project, check=True)
        subprocess.run([*git, "commit", "-qm", "x"], cwd=self.project, check=True, env=self.env)
        text = (self.project / "envlock.lock").read_text()

        self.envlock("diff", "git:HEAD", "envlock.lock", code=0)
        self.envlock("diff", "git:HEAD:envlock.lock", "-", code=0, stdin=text)
        self.assertIn("git:nowhere", self.envlock("diff", "git:nowhere", code=2).stderr)

    def test_explain_knows_rules_and_helps_with_typing_errors(self):
        self.assertIn("PY106", self.envlock("explain", "py106", code=0).stdout)
        self.assertIn("did you mean", self.envlock("explain", "PY1066", code=2).stderr)
        everything = self.envlock("explain", "--all", code=0).stdout
        self.assertEqual(everything, (pathlib.Path(__file__).parents[2] / "docs/rules.md").read_text(), "docs/rules.md is `envlock explain --all`")

    def test_init_keeps_what_is_there(self):
        (self.project / "envlock.toml").write_text("# mine\n")

        self.assertIn("kept", self.envlock("init", code=0).stdout)

        self.assertEqual((self.project / "envlock.toml").read_text(), "# mine\n")
        self.assertIn("-text", (self.project / ".gitattributes").read_text())


if __name__ == "__main__":
    unittest.main()
