"""Bad input: each case gets one clear error or a note beside the rest, and the right exit code."""
import gzip
import hashlib
import json
import os
import resource
import shutil
import signal
import ssl
import subprocess
import time
import unittest

from support import BINARY, Case, Index


class BadProjects(Case):
    def test_no_project_here(self):
        empty = self.root / "empty"
        empty.mkdir()

        done = self.envlock("diff", cwd=empty, code=2)

        self.assertIn("no project found", done.stderr)
        self.assertIn("hint:", done.stderr)

    def test_a_folder_that_does_not_exist(self):
        self.assertIn("nowhere", self.envlock("-C", "nowhere", "diff", code=2).stderr)

    def test_no_manifest_yet(self):
        self.assertIn("envlock.lock", self.envlock("diff", code=2).stderr)

    def test_no_playground_is_a_warning_and_the_rest_is_captured(self):
        shutil.rmtree(self.project / ".venv")

        done = self.envlock("capture", "--offline", code=0)

        self.assertIn("no playground", done.stderr)
        self.assertEqual(self.layer("python")["presence"], "absent")
        self.assertEqual(self.layer("platform")["presence"], "present")

    def test_a_broken_pyvenv_cfg_is_noted(self):
        (self.project / ".venv/pyvenv.cfg").write_bytes(b"\xff\xfe nonsense without equals\n\0")

        self.envlock("capture", "--offline")

        self.assertTrue(self.layer("python")["components"])

    def test_a_dist_info_without_metadata_is_noted_and_the_rest_is_read(self):
        (self.site / "broken-1.0.dist-info").mkdir()

        self.envlock("capture", "--offline")

        self.assertIn("PY021", [n.get("rule") for n in self.layer("python")["notes"]])
        self.assertIn("pip", [c["key"] for c in self.layer("python")["components"]])

    def test_a_record_that_escapes_never_shows_what_lies_outside(self):
        info = self.site / "escape-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: escape\nVersion: 1.0\n")
        (info / "WHEEL").write_text("Wheel-Version: 1.0\nTag: py3-none-any\n")
        (info / "RECORD").write_text("../../../../../../../../../../etc/hostname,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n"
                                     "/etc/passwd,sha256=47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU,0\n")

        self.envlock("capture", "--offline")

        self.assertEqual(self.component("python", "escape")["files"]["escape"], 2)
        self.assertIn("PY012", [n.get("rule") for n in self.layer("python")["notes"]])

    def test_bad_locks_are_named_and_the_rest_is_captured(self):
        node = {"locked": {"type": "path", "path": "/x", "narHash": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="},
                "original": {"type": "path", "path": "/x"}, "inputs": {"a": "a"}}
        cases = {
            "not JSON": "<<<<<<< HEAD\n{}",
            "duplicate keys": '{"nodes": {}, "nodes": {}, "root": "root", "version": 7}',
            "200,000 deep": "[" * 200_000,
            "a cycle": json.dumps({"nodes": {"root": {"inputs": {"a": "a"}}, "a": node}, "root": "root", "version": 7}),
            "version 4": '{"nodes": {"root": {}}, "root": "root", "version": 4}',
        }
        for name, text in cases.items():
            with self.subTest(name):
                (self.project / "flake.lock").write_text(text)

                self.envlock("capture", "--offline", "--force")

                rules = [n.get("rule") for n in self.layer("nix")["notes"]]
                self.assertTrue({"NIX004", "NIX006"} & set(rules), rules)
                self.assertIn("pip", [c["key"] for c in self.layer("python")["components"]])

    def test_hostile_names_reach_no_terminal(self):
        info = self.site / "evil-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_bytes(b"Metadata-Version: 2.1\nName: ev\x1b[31mil\nVersion: 1.0\x1b]0;x\x07\n")
        (info / "INSTALLER").write_bytes(b"\x1b[2J")
        self.envlock("capture", "--offline")
        shutil.rmtree(info)

        for done in (self.envlock("diff"), self.envlock("diff", "-o", "html=-"), self.envlock("diff", "-o", "md=-"), self.envlock("doctor")):
            self.assertNotIn("\x1b", done.stdout + done.stderr)

    def test_a_manifest_that_is_none_is_refused_and_kept(self):
        path = self.project / "envlock.lock"
        for text in ("", "not json", "{}", '{"_type": "x"}', "[" * 200_000):
            path.write_text(text)

            self.assertIn("error:", self.envlock("diff", code=2).stderr)
            self.envlock("capture", "--offline", code=2)
            self.assertEqual(path.read_text(), text)

    def test_a_bad_policy_says_where(self):
        (self.project / "envlock.toml").write_text("[gate]\nfail_onn = \"low\"\n")

        done = self.envlock("doctor", code=2)

        self.assertIn("fail_on", done.stderr)


class BadIndex(Case):
    def setUp(self):
        super().setUp()
        self.pip("install", "gamma")
        self.addCleanup(self.index.overrides.clear)

    def evidence(self):
        return self.component("python", "gamma").get("evidence")

    def test_an_index_that_is_down_is_unavailable_and_nothing_else_is_lost(self):
        done = self.envlock("capture", "--index-url", "http://127.0.0.1:9/simple/", code=5)

        self.assertEqual(self.evidence(), "unverified")
        self.assertGreater(self.component("python", "gamma")["files"]["ok"], 0)
        self.assertIn("unverified", done.stderr)

    def test_offline_sends_nothing(self):
        before = len(self.index.requests)

        self.envlock("capture", "--offline", code=0)

        self.assertEqual(len(self.index.requests), before)
        self.assertEqual(self.evidence(), "unverified")

    def test_html_pages_are_read_too(self):
        filename = next(iter(self.index.files["gamma"]))
        page = self.index.page("gamma")["files"][0]
        html = f'<!DOCTYPE html><html><body><a href="{page["url"]}#sha256={page["hashes"]["sha256"]}">{filename}</a></body></html>'
        self.index.overrides["gamma"] = lambda index, handler: index.reply(handler, 200, html.encode(), "text/html")

        self.envlock("capture", code=0)

        self.assertEqual(self.component("python", "gamma")["artifact"]["sha256"], page["hashes"]["sha256"])

    def test_redirects_are_followed_and_credentials_stay(self):
        body = json.dumps(self.index.page("gamma")).encode()
        self.index.overrides["gamma"] = lambda index, handler: index.reply(handler, 301, b"", headers=[("Location", "/simple/moved/")])
        self.index.overrides["moved"] = lambda index, handler: index.reply(handler, 200, body, "application/vnd.pypi.simple.v1+json")
        url = self.index.url.replace("http://", "http://user:hunter2pass@")

        done = self.envlock("capture", "-v", "--index-url", url, code=0)

        self.assertIn(self.evidence(), ("consistent", "proved"))
        everything = (self.project / "envlock.lock").read_text() + done.stdout + done.stderr
        self.assertNotIn("hunter2pass", everything)
        authorized = [headers for path, headers in self.index.requests if path == "/simple/gamma/" and "Authorization" in headers]
        self.assertTrue(authorized)

    def test_a_project_the_index_does_not_know_is_vanished_not_fine(self):
        self.index.overrides["gamma"] = lambda index, handler: index.reply(handler, 404, b"")

        self.envlock("capture", code=0)

        self.assertEqual(self.evidence(), "vanished")

    def test_busy_answers_are_asked_again(self):
        answers = [lambda i, h: i.reply(h, 429, b"", headers=[("Retry-After", "0")]), lambda i, h: i.reply(h, 503, b"")]
        body = json.dumps(self.index.page("gamma")).encode()

        def busy(index, handler):
            if answers:
                return answers.pop(0)(index, handler)
            return index.reply(handler, 200, body, "application/vnd.pypi.simple.v1+json")

        self.index.overrides["gamma"] = busy

        self.envlock("capture", code=0)

        self.assertIn(self.evidence(), ("consistent", "proved"))

    def test_answers_that_are_no_index_leave_the_file_unverified(self):
        cases = {
            "captive portal": lambda i, h: i.reply(h, 200, b"<html>log in</html>", "text/html"),
            "truncated JSON": lambda i, h: i.reply(h, 200, b'{"files": [', "application/vnd.pypi.simple.v1+json"),
            "JSON major 2": lambda i, h: i.reply(h, 200, b'{"meta": {"api-version": "2.0"}, "files": []}', "application/vnd.pypi.simple.v1+json"),
            "deep JSON": lambda i, h: i.reply(h, 200, b"[" * 200_000, "application/vnd.pypi.simple.v1+json"),
        }
        for name, answer in cases.items():
            with self.subTest(name):
                self.index.overrides["gamma"] = answer
                shutil.rmtree(self.root / "home/.cache", ignore_errors=True)

                self.envlock("capture")

                self.assertEqual(self.evidence(), "unverified")

    def test_statuses_that_are_no_page_leave_the_file_unverified(self):
        for status in (300, 401, 403, 406, 500):
            with self.subTest(status):
                self.index.overrides["gamma"] = lambda i, h, status=status: i.reply(h, status, b"no", "text/html")
                shutil.rmtree(self.root / "home/.cache", ignore_errors=True)

                self.envlock("capture")

                self.assertEqual(self.evidence(), "unverified")

    def test_a_signed_url_reaches_neither_the_cache_nor_the_manifest(self):
        page = self.index.page("gamma")
        page["files"][0]["url"] += "?X-Signature=hunter2pass"
        self.index.overrides["gamma"] = lambda i, h: i.reply(h, 200, json.dumps(page).encode(), "application/vnd.pypi.simple.v1+json")
        url = self.index.url.replace("http://", "http://user:hunter3pass@")

        done = self.envlock("capture", "-v", "--index-url", url, code=0)
        sent = sum(path.startswith("/simple/") for path, _ in self.index.requests)
        self.envlock("capture", "--index-url", url, code=0)

        self.assertEqual(sum(path.startswith("/simple/") for path, _ in self.index.requests), sent)
        kept = b"".join(p.read_bytes() for p in (self.root / "home").rglob("*") if p.is_file())
        everything = (self.project / "envlock.lock").read_bytes() + kept + (done.stdout + done.stderr).encode()
        self.assertNotIn(b"hunter", everything)
        self.assertIn(b"gamma-0.5", kept)

    def test_files_of_find_links_are_known_without_an_index(self):
        filename, data = next(iter(self.index.files["gamma"].items()))
        (self.project / "wheels").mkdir()
        (self.project / "wheels" / filename).write_bytes(data)
        (self.project / "requirements.txt").write_text("--no-index\n-r more.txt\n")
        (self.project / "more.txt").write_text("--find-links \\\n  wheels  # ours\n")
        before = len(self.index.requests)

        self.envlock("capture", code=0)

        artifact = self.component("python", "gamma")["artifact"]
        self.assertEqual(artifact["sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual(artifact["index"], "file://$PROJECT/wheels")
        self.assertEqual(len(self.index.requests), before)
        self.assertNotIn(str(self.root), (self.project / "envlock.lock").read_text())

    def test_a_flat_page_of_links_is_read_once(self):
        filename, data = next(iter(self.index.files["gamma"].items()))
        html = f'<a href="../../files/gamma/{filename}#sha256={hashlib.sha256(data).hexdigest()}">{filename}</a>'
        self.index.overrides["flat"] = lambda i, h: i.reply(h, 200, html.encode(), "text/html")

        self.envlock("capture", "--no-index", "-f", self.index.url + "flat/", code=0)

        artifact = self.component("python", "gamma")["artifact"]
        self.assertEqual(artifact["sha256"], hashlib.sha256(data).hexdigest())
        self.assertEqual(artifact["index"], self.index.url + "flat/")

    def test_uv_settings_are_asked_and_netrc_has_the_password(self):
        name = self.index.url.removesuffix("simple/").replace("http://", "").rstrip("/").split(":")[0]
        (self.root / "home/.netrc").write_text(f"machine {name}\nlogin me\npassword hunter4pass\n")
        (self.project / "uv.toml").write_text(f'[[index]]\nname = "corp"\nurl = "{self.index.url}"\ndefault = true\n')
        env = {"PIP_INDEX_URL": ""}
        del self.index.requests[:]

        self.envlock("capture", code=0, env=env)

        self.assertIn(self.evidence(), ("consistent", "proved"))
        self.assertTrue(any("Authorization" in headers for path, headers in self.index.requests if path == "/simple/gamma/"))

    def test_a_compressed_page_is_read(self):
        body = gzip.compress(json.dumps(self.index.page("gamma")).encode())
        self.index.overrides["gamma"] = lambda i, h: i.reply(h, 200, body, "application/vnd.pypi.simple.v1+json", headers=[("Content-Encoding", "gzip")])

        self.envlock("capture", code=0)

        self.assertIn(self.evidence(), ("consistent", "proved"))

    @unittest.skipIf(shutil.which("openssl") is None, "makes its certificate with openssl")
    def test_certificates_of_the_configuration_are_used_and_a_wrong_one_is_refused(self):
        pem = self.root / "both.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=index",
                        "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", self.root / "key.pem", "-out", self.root / "cert.pem"], check=True, capture_output=True)
        pem.write_bytes((self.root / "key.pem").read_bytes() + (self.root / "cert.pem").read_bytes())
        secure = Index()
        self.addCleanup(secure.close)
        secure.files = self.index.files
        tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        tls.load_cert_chain(pem)
        tls.load_verify_locations(pem)
        tls.verify_mode = ssl.CERT_REQUIRED
        secure.server.socket = tls.wrap_socket(secure.server.socket, server_side=True)
        url = secure.url.replace("http://", "https://")
        conf = self.root / "home/.config/pip/pip.conf"
        conf.parent.mkdir(parents=True)
        env = {"PIP_CONFIG_FILE": "", "PIP_INDEX_URL": url}

        self.envlock("capture", code=5, env=env)
        self.assertEqual(self.evidence(), "unverified")
        conf.write_text(f"[global]\ncert = {pem}\n")
        self.envlock("capture", code=5, env=env)  # the server asks for a certificate of the client as well
        conf.write_text(f"[global]\ncert = {pem}\nclient-cert = {pem}\n")
        self.envlock("capture", code=0, env=env)
        self.assertIn(self.evidence(), ("consistent", "proved"))
        shutil.rmtree(self.root / "home/.cache")
        conf.unlink()
        self.envlock("capture", "--trusted-host", "127.0.0.1", "--client-cert", pem, code=0, env=env)
        self.assertIn(self.evidence(), ("consistent", "proved"))

    def test_an_endless_answer_is_cut(self):
        def endless(_, handler):
            handler.send_response(200)
            handler.send_header("Content-Type", "application/vnd.pypi.simple.v1+json")
            handler.send_header("Content-Length", str(5 << 30))
            handler.end_headers()
            piece = b" " * (1 << 20)
            for _ in range(5 << 10):
                handler.wfile.write(piece)

        self.index.overrides["gamma"] = endless

        self.envlock("capture", timeout=100)

        self.assertEqual(self.evidence(), "unverified")

    def test_a_second_run_within_the_cache_time_sends_nothing(self):
        self.envlock("capture", code=0)
        sent = len(self.index.requests)

        self.envlock("capture", code=0)

        self.assertEqual(len(self.index.requests), sent)


class Writing(Case):
    def test_a_full_disk_leaves_the_old_manifest_whole(self):
        self.envlock("capture", "--offline")
        before = (self.project / "envlock.lock").read_bytes()

        def small_files():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (2000, 2000))

        done = subprocess.run([BINARY, "capture", "--offline"], cwd=self.project, env=self.env, capture_output=True, text=True, preexec_fn=small_files)

        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn("cannot be written", done.stderr)
        self.assertEqual((self.project / "envlock.lock").read_bytes(), before)
        self.assertEqual([p.name for p in self.project.iterdir() if "tmp" in p.name], [])

    def test_being_killed_leaves_the_old_manifest_whole(self):
        self.envlock("capture", "--offline")
        before = (self.project / "envlock.lock").read_bytes()

        for delay in (0.001, 0.005, 0.01, 0.02, 0.03, 0.04, 0.06, 0.08):
            child = subprocess.Popen([BINARY, "capture", "--offline", "--level", "full"], cwd=self.project, env=self.env,
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(delay)
            child.kill()
            child.wait()
            now = (self.project / "envlock.lock").read_bytes()
            self.assertTrue(now == before or json.loads(now)["predicate"]["sequence"] > json.loads(before)["predicate"]["sequence"])
            before = now

    def test_diff_changes_nothing_in_the_project(self):
        self.envlock("capture", "--offline")
        listing = {p: (p.lstat().st_mtime_ns, p.lstat().st_ctime_ns) for p in self.project.rglob("*")}

        self.envlock("diff", code=0)

        self.assertEqual({p: (p.lstat().st_mtime_ns, p.lstat().st_ctime_ns) for p in self.project.rglob("*")}, listing)

    @unittest.skipIf(os.geteuid() != 0, "a read-only bind mount needs root")
    def test_diff_works_on_a_read_only_project(self):
        self.envlock("capture", "--offline")
        script = f'mount --bind "{self.project}" "{self.project}" && mount -o remount,ro,bind "{self.project}" && cd "{self.project}" && exec "{BINARY}" diff'
        probe = subprocess.run(["unshare", "-m", "true"], capture_output=True)
        if probe.returncode != 0:
            self.skipTest("no mount namespaces here")

        done = subprocess.run(["unshare", "-m", "sh", "-c", script], env=self.env, capture_output=True, text=True)

        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_standard_output_that_cannot_be_written_is_an_error(self):
        self.envlock("capture", "--offline")
        with open("/dev/full", "w") as full:
            done = subprocess.run([BINARY, "diff"], cwd=self.project, env=self.env, stdout=full, stderr=subprocess.PIPE, text=True)

        self.assertEqual(done.returncode, 2)


if __name__ == "__main__":
    unittest.main()
