"""What the tests of the program share: a local package index, wheels made by hand, projects."""
import base64
import hashlib
import http.server
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import zipfile

BINARY = os.environ["ENVLOCK_BINARY"]


def record_hash(data):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()


def make_wheel(name, version, files=None, tag="py3-none-any", requires=()):
    """The bytes of a wheel with RECORD last, as builders write it."""
    stem = name.replace("-", "_")
    info = f"{stem}-{version}.dist-info"
    metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n" + "".join(f"Requires-Dist: {r}\n" for r in requires)
    members = dict(files or {f"{stem}/__init__.py": f"version = {version!r}\n".encode()})
    members[f"{info}/METADATA"] = metadata.encode()
    members[f"{info}/WHEEL"] = f"Wheel-Version: 1.0\nGenerator: by-hand\nRoot-Is-Purelib: true\nTag: {tag}\n".encode()
    rows = [f"{path},{record_hash(data)},{len(data)}" for path, data in members.items()]
    members[f"{info}/RECORD"] = ("\n".join(rows + [f"{info}/RECORD,,"]) + "\n").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in members.items():
            archive.writestr(path, data)
    return f"{stem}-{version}-{tag}.whl", out.getvalue()


class Index:
    """A package index on a loopback socket. `override(name)` gives one project another answer."""

    def __init__(self):
        self.files, self.overrides, self.requests = {}, {}, []
        self.ranges = True
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                outer.requests.append((self.path, dict(self.headers)))
                try:
                    outer.answer(self)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/simple/"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def add(self, name, version, **kwargs):
        filename, data = make_wheel(name, version, **kwargs)
        self.files.setdefault(name, {})[filename] = data
        return filename, data

    def reply(self, handler, status, body, content_type="text/plain", headers=()):
        handler.send_response(status)
        handler.send_header("Content-Type", content_type)
        handler.send_header("Content-Length", str(len(body)))
        for key, value in headers:
            handler.send_header(key, value)
        handler.end_headers()
        handler.wfile.write(body)

    @staticmethod
    def metadata(data):
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return archive.read(next(n for n in archive.namelist() if n.endswith("/METADATA")))

    def page(self, name):
        files = []
        for filename, data in self.files[name].items():
            metadata = self.metadata(data)
            files.append({"filename": filename, "url": f"../../files/{name}/{filename}", "hashes": {"sha256": hashlib.sha256(data).hexdigest()},
                          "size": len(data), "upload-time": "2024-01-02T03:04:05.000000Z",
                          "core-metadata": {"sha256": hashlib.sha256(metadata).hexdigest()}, "yanked": False})
        return {"meta": {"api-version": "1.1"}, "name": name, "versions": [], "files": files}

    def answer(self, handler):
        parts = handler.path.strip("/").split("/")
        if parts[0] == "simple" and len(parts) == 2:
            if parts[1] in self.overrides:
                return self.overrides[parts[1]](self, handler)
            if parts[1] in self.files:
                body = json.dumps(self.page(parts[1])).encode()
                return self.reply(handler, 200, body, "application/vnd.pypi.simple.v1+json")
        if parts[0] == "files" and len(parts) == 3:
            if parts[2] in self.files.get(parts[1], {}):
                return self.send_file(handler, self.files[parts[1]][parts[2]])
            if parts[2].endswith(".metadata") and parts[2][:-9] in self.files.get(parts[1], {}):
                return self.reply(handler, 200, self.metadata(self.files[parts[1]][parts[2][:-9]]))
        return self.reply(handler, 404, b"no such page")

    def send_file(self, handler, data):
        wanted = handler.headers.get("Range", "")
        if not self.ranges or not wanted.startswith("bytes="):
            return self.reply(handler, 200, data, "application/octet-stream")
        first, last = (int(part) for part in wanted[6:].split("-"))
        if last >= len(data):
            return self.reply(handler, 416, b"", headers=[("Content-Range", f"bytes */{len(data)}")])
        self.reply(handler, 206, data[first:last + 1], "application/octet-stream", [("Content-Range", f"bytes {first}-{last}/{len(data)}")])

    def close(self):
        self.server.shutdown()
        self.server.server_close()


class Case(unittest.TestCase):
    """One temporary project with its own home, so that nothing of the machine's set-up is used."""

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="envlock-cli-"))
        cls.index = Index()
        for version in ("1.0", "1.1", "2.0"):
            cls.index.add("alpha", version, requires=["beta"])
        cls.index.add("beta", "3.1")
        cls.index.add("gamma", "0.5", files={"gamma/__init__.py": b"x = 1\n", "gamma/data.txt": b"text\n"})
        cls.template = cls.shared / "template"
        subprocess.run([sys.executable, "-m", "venv", cls.template / ".venv"], check=True, stdout=subprocess.DEVNULL)

    @classmethod
    def tearDownClass(cls):
        cls.index.close()
        shutil.rmtree(cls.shared, ignore_errors=True)

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="p-", dir=self.shared))
        self.project = self.root / "project"
        shutil.copytree(self.template, self.project, symlinks=True)
        (self.project / "envlock.toml").write_text("")
        self.env = {"PATH": os.environ["PATH"], "HOME": str(self.root / "home"), "PIP_INDEX_URL": self.index.url,
                    "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull, "LC_ALL": "C.UTF-8"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS"):
            if name in os.environ:
                self.env[name] = os.environ[name]
        (self.root / "home").mkdir()

    @property
    def site(self):
        return next((self.project / ".venv/lib").glob("python3*/site-packages"))

    def pip(self, *args):
        python = self.project / ".venv/bin/python"
        subprocess.run([python, "-m", "pip", "-q", *args], check=True, env=self.env, stdout=subprocess.DEVNULL)

    def envlock(self, *args, code=None, env=None, cwd=None, stdin=None, timeout=120):
        done = subprocess.run([BINARY, *map(str, args)], cwd=cwd or self.project, env={**self.env, **(env or {})}, input=stdin,
                              capture_output=True, text=True, timeout=timeout, errors="replace")
        if code is not None:
            self.assertEqual(done.returncode, code, f"{args}\nstdout: {done.stdout}\nstderr: {done.stderr}")
        return done

    def manifest(self):
        return json.loads((self.project / "envlock.lock").read_text())

    def layer(self, name, manifest=None):
        layers = (manifest or self.manifest())["predicate"]["environment"]["layers"]
        return next(layer for layer in layers if layer["id"] == name)

    def component(self, layer, key):
        return next(c for c in self.layer(layer)["components"] if c["key"] == key)
