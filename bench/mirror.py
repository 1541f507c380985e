#!/usr/bin/env python3
"""A local mirror of the index pages and files of one ordinary `pip download`.

    mirror.py download REQUIREMENTS FOLDER   pip downloads the pins; the pages that it read are kept beside the files
    mirror.py serve FOLDER PORT              writes the web root, a throw-away CA and the nginx configuration

The real index sees one pip run, once. All timings are against the mirror: HTTP/2 over TLS 1.3, no ETag, byte ranges,
`.metadata` beside each wheel, as the kind of index that envlock is built against gives.
"""
import hashlib
import json
import os
import re
import subprocess
import sys
import urllib.parse
import zipfile
from pathlib import Path

JSON_TYPE = "application/vnd.pypi.simple.v1+json"


def normalize(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def download(requirements, folder):
    """Runs pip in this process, so that the pages it reads anyway can be written down as they come."""
    from pip._internal.cli.main import main
    from pip._internal.index import collector

    pages = folder / "pages"
    pages.mkdir(parents=True, exist_ok=True)
    real = collector._get_simple_response  # private, and stable since pip 19; without it every page is generated

    def keep(url, session):
        response = real(url, session)
        if response.headers.get("Content-Type", "").startswith(JSON_TYPE):
            name = urllib.parse.urlsplit(url).path.rstrip("/").rsplit("/", 1)[-1]
            (pages / f"{normalize(name)}.json").write_bytes(response.content)
        return response

    collector._get_simple_response = keep
    return main(["--disable-pip-version-check", "--quiet", "download", "--no-deps", "-r", str(requirements), "-d", str(folder / "files")])


def name_of(file):
    if file.name.endswith(".whl"):
        return normalize(file.name.split("-")[0])
    return normalize(re.sub(r"-[^-]*\.(tar\.gz|zip|tar\.bz2)$", "", file.name))


def metadata_of(wheel):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if re.fullmatch(r"[^/]+\.dist-info/METADATA", name):
                return archive.read(name)
    return None


def place(file, path, root):
    """The file, and a wheel's metadata beside it, at the path its page gives."""
    target = root / path.lstrip("/")
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.exists():
        os.link(file, target)
    if file.name.endswith(".whl"):
        text = metadata_of(file)
        if text is not None:
            Path(f"{target}.metadata").write_bytes(text)


def made_page(name, files):
    """A page for a project whose page pip did not read (it can be a version that reads HTML)."""
    rows = []
    for file in files:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        rows.append({"filename": file.name, "url": f"/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{file.name}",
                     "hashes": {"sha256": digest}, "size": file.stat().st_size, "upload-time": "2025-01-01T00:00:00.000000Z"})
    return {"meta": {"api-version": "1.1"}, "name": name, "versions": [], "files": rows}


def build_root(folder, origin):
    """Pages with their file URLs pointing here; returns the number of pages kept and made."""
    root = folder / "www"
    by_name = {}
    for file in sorted((folder / "files").iterdir()):
        by_name.setdefault(name_of(file), []).append(file)
    kept = 0
    for name, files in by_name.items():
        held = folder / "pages" / f"{name}.json"
        page = json.loads(held.read_bytes()) if held.exists() else made_page(name, files)
        kept += held.exists()
        paths = {}
        for row in page["files"]:
            path = urllib.parse.urlsplit(row["url"]).path
            row["url"] = origin + path
            paths[row["filename"]] = path
        for file in files:
            if file.name in paths:
                place(file, urllib.parse.unquote(paths[file.name]), root)
        target = root / "simple" / name / "index.json"
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(json.dumps(page))
    return kept, len(by_name) - kept


def run(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def make_certificates(folder):
    ca, key, request = folder / "ca.pem", folder / "server.key", folder / "server.csr"
    extensions = folder / "server.ext"
    extensions.write_text("subjectAltName=DNS:localhost\nbasicConstraints=CA:FALSE\n")
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
        "-subj", "/CN=envlock bench", "-keyout", str(folder / "ca.key"), "-out", str(ca))
    run("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=localhost",
        "-keyout", str(key), "-out", str(request))
    run("openssl", "x509", "-req", "-in", str(request), "-CA", str(ca), "-CAkey", str(folder / "ca.key"), "-CAcreateserial",
        "-days", "2", "-extfile", str(extensions), "-out", str(folder / "server.pem"))
    (folder / "ca.key").unlink()


NGINX = """
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
daemon on;
{user}
events {{ worker_connections 512; }}
http {{
  access_log {folder}/access.log combined buffer=64k flush=1s;
  client_body_temp_path {folder}/tmp; proxy_temp_path {folder}/tmp; fastcgi_temp_path {folder}/tmp;
  uwsgi_temp_path {folder}/tmp; scgi_temp_path {folder}/tmp;
  etag off; if_modified_since off; add_header Last-Modified "";
  sendfile on; tcp_nodelay on; keepalive_requests 100000; http2_max_concurrent_streams 128;
  default_type application/octet-stream;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    server_name localhost;
    ssl_certificate {folder}/server.pem; ssl_certificate_key {folder}/server.key; ssl_protocols TLSv1.3;
    root {folder}/www;
    location ^~ /simple/ {{
      default_type {json_type}; types {{ }}
      add_header Cache-Control "max-age=600, public"; index index.json;
    }}
  }}
}}
"""


def serve(folder, port):
    kept, made = build_root(folder, f"https://localhost:{port}")
    make_certificates(folder)
    (folder / "tmp").mkdir(exist_ok=True)
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=port, user=user, json_type=JSON_TYPE))
    print(f"mirror: {kept} pages as pip read them, {made} made here")


def main_here(argv):
    if len(argv) == 4 and argv[1] == "download":
        return download(Path(argv[2]), Path(argv[3]).resolve())
    if len(argv) == 4 and argv[1] == "serve":
        return serve(Path(argv[2]).resolve(), int(argv[3]))
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main_here(sys.argv))
