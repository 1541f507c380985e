#!/usr/bin/env python3
"""Times commands in turns and prints medians, ratios and peak memory as a Markdown table. Called by run.sh."""
import argparse
import csv
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class Row:
    """One command of a group. `before` runs untimed in front of each run."""

    def __init__(self, title, command, env=None, before=None, accept=(0,), reader=None):
        self.title, self.command, self.env, self.before, self.accept, self.reader = title, command, env, before, accept, reader
        self.seconds, self.peak_kib = [], 0

    def once(self):
        if self.before:
            self.before()
        begin = time.perf_counter()
        if self.reader:
            self.seconds.append(self.reader())
            return
        child = subprocess.Popen(self.command, env=self.env, cwd=self.cwd, **QUIET)
        _, status, usage = os.wait4(child.pid, 0)
        took = time.perf_counter() - begin
        code = os.waitstatus_to_exitcode(status)
        child.returncode = code
        if code not in self.accept:
            shown = subprocess.run(self.command, env=self.env, cwd=self.cwd, capture_output=True, text=True)
            sys.exit(f"exit code {code}: {' '.join(self.command)}\n{shown.stderr[-2000:]}")
        self.seconds.append(took)
        self.peak_kib = max(self.peak_kib, usage.ru_maxrss)

    cwd = None

    @property
    def median(self):
        return statistics.median(self.seconds)


def take_turns(rows, runs):
    slow = set()
    for row in rows:
        row.once()  # the first of each is not counted: caches fill
        if row.seconds.pop() > 10:
            slow.add(row.title)
    for turn in range(runs):
        for row in rows:
            if turn == 0 or row.title not in slow:  # one turn is enough for what takes longer than all else together
                row.once()
    return rows


def hashed_sizes(venv):
    """The size of each file that has a hash in a RECORD: what a full capture reads."""
    site = next(venv.glob("lib/python*/site-packages"))
    sizes = []
    for record in site.glob("*.dist-info/RECORD"):
        with open(record, newline="", encoding="utf-8") as text:
            for row in csv.reader(text):
                path = site / row[0] if row else None
                if len(row) == 3 and row[1] and path.is_file():
                    sizes.append(path.stat().st_size)
    return sizes


class Bench:
    def __init__(self, options):
        self.options = options
        self.bin = Path(options.build).resolve() / "bin"
        self.cache = Path(options.cache)
        self.project = self.cache / "project"
        self.venv = self.project / ".venv"
        self.tools = self.cache / "tools" / "bin"
        self.scratch = Path(tempfile.mkdtemp(prefix="envlock-bench."))
        self.index_cache = self.scratch / "cold"
        keep = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
        self.env = keep | {"XDG_CACHE_HOME": str(self.scratch / "warm"), "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CONFIG_FILE": os.devnull,
                           "XDG_CONFIG_HOME": str(self.scratch / "config")}
        Row.cwd = self.project

    def envlock(self, *arguments):
        return [str(self.bin / "envlock"), *arguments]

    def prepare(self):
        subprocess.run(self.envlock("capture", "--offline", "--force"), env=self.env, cwd=self.project, check=True, **QUIET)

    def listing(self):
        python = str(self.venv / "bin" / "python")
        rows = [Row("envlock diff --level metadata", self.envlock("diff", "--level", "metadata"), self.env, accept=(0, 1, 3)),
                Row("uv pip freeze", [str(self.tools / "uv"), "pip", "freeze", "--python", python, "--offline"], self.env),
                Row("pip list", [python, "-m", "pip", "list"], self.env),
                Row("pip inspect", [python, "-m", "pip", "inspect"], self.env),
                Row("cyclonedx-py environment", [str(self.tools / "cyclonedx-py"), "environment", python], self.env)]
        return take_turns(rows, self.options.runs)

    def cached(self):
        rows = [Row("envlock diff (cached)", self.envlock("diff"), self.env, accept=(0, 1, 3)),
                Row("bare lstat walk", [str(self.bin / "bench_lstat_walk"), str(self.venv)], self.env)]
        return take_turns(rows, self.options.runs)

    def full(self):
        sizes = hashed_sizes(self.venv)
        self.hashed = (len(sizes), sum(sizes))
        text = "\n".join(map(str, sizes))

        def bandwidth():
            return float(subprocess.run([str(self.bin / "bench_sha_bandwidth")], input=text, capture_output=True, text=True, check=True).stdout)

        rows = [Row("envlock capture --offline --level full", self.envlock("capture", "--offline", "--level", "full", "--stdout"), self.env),
                Row("SHA-256 of as many bytes, from memory", None, reader=bandwidth)]
        if shutil.which("tirith"):
            rows.append(Row("tirith ecosystem scan --installed", ["tirith", "ecosystem", "scan", "--installed"], self.env, accept=(0, 1, 2)))
        return take_turns(rows, self.options.runs)

    def index(self):
        origin = f"https://localhost:{self.options.port}"
        names = sorted(folder.name for folder in (self.cache / "mirror/www/simple").iterdir())
        ca = str(self.cache / "mirror/ca.pem")
        config = self.scratch / "curl.conf"
        config.write_text("".join(f'url = "{origin}/simple/{name}/"\noutput = "/dev/null"\n' for name in names))
        cold = self.env | {"XDG_CACHE_HOME": str(self.index_cache), "SSL_CERT_FILE": ca}
        offline = cold | {"XDG_CACHE_HOME": str(self.scratch / "warm")}
        capture = ("capture", "--stdout", "--level", "metadata", "--index-url", f"{origin}/simple/")

        def forget():
            shutil.rmtree(self.index_cache, ignore_errors=True)

        rows = [Row("envlock capture --level metadata, cold", self.envlock(*capture), cold, before=forget),
                Row("the same, --offline", self.envlock(*capture, "--offline"), offline),
                Row("the same, again (within the cache time)", self.envlock(*capture), cold),
                Row("curl --parallel --http2, the pages", ["curl", "--silent", "--fail", "--parallel", "--parallel-max", "24", "--http2", "--cacert", ca,
                                                            "-H", "Accept: application/vnd.pypi.simple.v1+json", "--config", str(config)], self.env)]
        take_turns(rows, self.options.runs)
        self.requests_again = self.count_requests(capture, cold)
        self.pages = (len(names), sum((self.cache / "mirror/www/simple" / name / "index.json").stat().st_size for name in names))
        out = subprocess.run(self.envlock(*capture), env=cold, cwd=self.project, capture_output=True, text=True).stdout
        self.evidence = {}
        for layer in json.loads(out)["predicate"]["environment"]["layers"]:
            for component in layer["components"]:
                if "evidence" in component and layer["id"] == "python":
                    self.evidence[component["evidence"]] = self.evidence.get(component["evidence"], 0) + 1
        return rows

    def count_requests(self, capture, env):
        log = self.cache / "mirror/access.log"
        time.sleep(1.5)  # nginx writes its log once a second
        before = log.read_bytes().count(b"\n")
        subprocess.run(self.envlock(*capture), env=env, cwd=self.project, check=True, **QUIET)
        time.sleep(1.5)
        return log.read_bytes().count(b"\n") - before


def seconds(value):
    return f"{value * 1000:.1f} ms" if value < 1 else f"{value:.2f} s"


def memory(row):
    return f"{row.peak_kib / 1024:.0f} MiB" if row.peak_kib else ""


def table(title, rows):
    print(f"\n### {title}\n\n| command | median | lowest | against envlock | peak memory |\n|---|---:|---:|---:|---:|")
    for row in rows:
        print(f"| {row.title} | {seconds(row.median)} | {seconds(min(row.seconds))} | {row.median / rows[0].median:.2f} | {memory(row)} |")


def verdict(what, value, limit):
    print(f"| {what} | {limit} | {value:.2f} | {'met' if value <= limit else 'not met'} |")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("--build", "--cache", "--port"):
        parser.add_argument(name, required=True)
    parser.add_argument("--runs", type=int, default=7)
    bench = Bench(parser.parse_args())
    bench.prepare()
    listing, cached, full, index = bench.listing(), bench.cached(), bench.full(), bench.index()
    count = len(list(bench.venv.glob("lib/python*/site-packages/*.dist-info")))
    walked = subprocess.run([str(bench.bin / "bench_lstat_walk"), str(bench.venv)], capture_output=True, text=True, check=True).stdout.strip()
    print(f"{count} distributions, {walked}; {os.cpu_count()} cores, {platform.machine()}, Linux {platform.release()}; "
          f"medians of {bench.options.runs} runs that took turns, page cache warm")
    table("What is installed", listing)
    table("Has a file changed?", cached)
    table(f"Every byte ({bench.hashed[0]} files with a hash, {bench.hashed[1] / 1e6:.0f} MB)", full)
    table(f"The index ({bench.pages[0]} pages, {bench.pages[1] / 1e6:.1f} MB, loopback)", index)
    print("\nevidence found: " + ", ".join(f"{n} {word}" for word, n in sorted(bench.evidence.items()))
          + f"; requests of the second run: {bench.requests_again}")
    cold, offline, _, curl = index
    print("\n### Against the targets\n\n| ratio | at most | measured | |\n|---|---:|---:|---|")
    verdict("diff --level metadata / uv pip freeze", listing[0].median / listing[1].median, 1.0)
    verdict("diff (cached) / lstat walk", cached[0].median / cached[1].median, 1.5)
    verdict("capture --level full / SHA-256 alone", full[0].median / full[1].median, 1 / 0.8)
    verdict("index and proof, cold / curl, pages alone (loopback)", (cold.median - offline.median) / curl.median, 2.0)
    verdict("requests of a second run", bench.requests_again, 0)
    verdict("peak memory in units of 64 MiB", max(row.peak_kib for row in (listing[0], cached[0], full[0], cold)) / 65536, 1.0)
    shutil.rmtree(bench.scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
