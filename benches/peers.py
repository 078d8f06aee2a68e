#!/usr/bin/env python3
"""What other tools say of the same plugins, and how long they take.

    python3 -m venv /tmp/peers
    /tmp/peers/bin/pip install yamllint check-jsonschema dify_plugin
    /tmp/peers/bin/python benches/peers.py --difylint target/quick/difylint

Prints two tables: the time over the official corpus, and of the recorded cases in `../shared/conformance` how many
that a real reader rejects each tool flags, and how many that all readers accept it flags wrongly. A case is flagged if
the tool has an error about it or falls over it; warnings do not count. Every tool gets as many plugins in one process
as it takes.
"""
import argparse
import base64
import collections
import json
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

HERE = Path(__file__).resolve().parent
SHARED = HERE.parent.parent / "shared"
# the recorded name of each stage, in the order of the columns
STAGES = {"package": "package", "upload": "install", "start": "start"}
# key of the manifest: kind of the providers, their key for children, kind of these
CHILDREN = {
    "tools": ("tool-provider", "tools", "tool"),
    "models": ("model-provider", "models", "model"),
    "endpoints": ("endpoint-group", "endpoints", "endpoint"),
    "agent_strategies": ("agent-strategy-provider", "strategies", "agent-strategy"),
    "datasources": ("datasource-provider", "datasources", "datasource"),
    "triggers": ("trigger-provider", "events", "event"),
}
# files that fit on one command line
ARGUMENTS = 500


def main():
    parser = argparse.ArgumentParser(description="compares difylint with other tools")
    parser.add_argument("--difylint", required=True, type=Path)
    parser.add_argument("--every", type=int, default=11, help="take every so-many-th case (default 11, as the tests do)")
    parser.add_argument("--rounds", type=int, default=3, help="runs over the corpus; the median is shown (default 3, 0: none)")
    parser.add_argument("--only", help="only the tools whose name contains this")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="peers-") as scratch:
        scratch = Path(scratch)
        peers = tools(args.difylint.resolve(), scratch)
        peers = {name: check for name, check in peers.items() if (args.only or "") in name}
        if args.rounds:
            print_times(peers, SHARED / "corpus/official", args.rounds)
        print_catches(peers, SHARED / "conformance/train", args.every, scratch)


def tools(difylint, scratch):
    """Name of each tool: a function from plugin folders to those that it flags."""
    yamllint = [sys.executable, "-m", "yamllint", "--no-warnings", "-f", "parsable"]
    schemas = Schemas(difylint, scratch / "schemas")
    return {
        "difylint, 1 thread": lambda roots: run_difylint(difylint, 1, roots),
        "difylint, 2 threads": lambda roots: run_difylint(difylint, 2, roots),
        "yamllint, default": lambda roots: run_yamllint(yamllint, roots),
        "yamllint, relaxed": lambda roots: run_yamllint([*yamllint, "-d", "relaxed"], roots),
        "check-jsonschema": schemas.check,
        "SDK entities": run_sdk,
    }


def run_difylint(program, threads, roots):
    command = [program, "check", "-o", "json", "-j", str(threads), *roots]
    plugins = json.loads(run(command))["plugins"]
    # a folder that is not even a plugin is not listed
    return set(roots) - {plugin["root"] for plugin in plugins
                         if all(plugin["verdicts"][stage] == "accept" for stage in STAGES.values())}


def run_yamllint(command, roots):
    text = run([*command, *roots])
    if text is None:
        return halves(lambda some: run_yamllint(command, some), roots)
    return owners((line.split(":", 1)[0] for line in text.splitlines()), roots)


def run_sdk(roots):
    script = HERE / "peer_sdk.py"
    text = run([sys.executable, script], input="\n".join(roots))
    return halves(run_sdk, roots) if text is None else set(text.splitlines()) & set(roots)


class Schemas:
    """check-jsonschema with the published schemas: one process for each kind of document."""

    def __init__(self, difylint, folder):
        self.difylint, self.folder = difylint, folder

    def check(self, roots):
        if not self.folder.exists():
            self.publish()
        by_kind = collections.defaultdict(list)
        for root in roots:
            for kind, path in documents(Path(root)):
                by_kind[kind].append(path)
        bad = set()
        for kind, paths in by_kind.items():
            for at in range(0, len(paths), ARGUMENTS):
                bad |= self.of_kind(kind, paths[at:at + ARGUMENTS])
        return owners(bad, roots)

    def publish(self):
        self.folder.mkdir()
        for kind in run([self.difylint, "schema"]).split():
            (self.folder / f"{kind}.json").write_text(run([self.difylint, "schema", kind]), encoding="utf-8")

    def of_kind(self, kind, paths):
        command = [sys.executable, "-m", "check_jsonschema", "-o", "json", "--schemafile", self.folder / f"{kind}.json"]
        text = run([*command, *paths])
        if text is None:
            return halves(lambda some: self.of_kind(kind, some), paths)
        report = json.loads(text)
        return {problem.get("filename") or problem["path"]
                for part in ("errors", "parse_errors") for problem in report.get(part, [])}


def documents(root):
    """The documents of a plugin with their kinds, as somebody would map them by hand who knows the plugin."""
    yield "manifest", str(root / "manifest.yaml")
    for key, (provider_kind, children, child_kind) in CHILDREN.items():
        for provider in texts(load(root / "manifest.yaml"), "plugins", key):
            if not (root / provider).is_file():
                continue
            yield provider_kind, str(root / provider)
            found = load(root / provider)
            if key == "models":
                for model_type in (found.get("models") or {}) if isinstance(found, dict) else {}:
                    for pattern in texts(found, "models", model_type, "predefined"):
                        yield from ((child_kind, path) for path in matches(root, pattern))
            for child in texts(found, children):
                if (root / child).is_file():
                    yield child_kind, str(root / child)


def matches(root, pattern):
    try:
        paths = sorted(root.glob(pattern))
    except (ValueError, NotImplementedError):
        return []
    return [str(path) for path in paths if not path.name.startswith("_position")]


def load(path):
    try:
        return yaml.load(path.read_bytes(), Loader=yaml.CSafeLoader)
    except (OSError, ValueError, yaml.YAMLError, TypeError):
        return None


def texts(value, *keys):
    """The texts of the list at these keys; nothing where the document is anything else."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return [text for text in value if isinstance(text, str) and "\0" not in text] if isinstance(value, list) else []


def owners(paths, roots):
    """The plugin folders that these files stand in."""
    known = set(roots)
    found = set()
    for path in paths:
        found.update(str(parent) for parent in Path(path).parents if str(parent) in known)
    return found


def halves(check, paths):
    """What a tool flags that fell over one of the paths: that one too, and what it flags of the others."""
    if len(paths) == 1:
        return set(paths)
    half = len(paths) // 2
    return check(paths[:half]) | check(paths[half:])


def run(command, **options):
    """What a program prints; None if it fell over its input."""
    done = subprocess.run([str(word) for word in command], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, errors="replace", **options)
    if done.returncode == 1 and "Traceback" in done.stderr:
        return None
    if done.returncode not in (0, 1):
        sys.exit(f"{command[:4]} ended with {done.returncode}: {done.stderr[-500:]}")
    return done.stdout


def print_times(peers, corpus, rounds):
    roots = sorted(str(path.parent) for path in corpus.resolve().glob("*/*/manifest.yaml"))
    print(f"| {len(roots)} official plugins | time | times difylint's (1 thread) | flagged |")
    print("|---|---:|---:|---:|")
    first = None
    for name, check in peers.items():
        times = []
        for _ in range(rounds):
            began = time.monotonic()
            flagged = check(roots)
            times.append(time.monotonic() - began)
        took = statistics.median(times)
        first = first or took
        ratio = took / first
        shown = f"{ratio:.0f}" if ratio >= 10 else f"{ratio:.1f}"
        print(f"| {name} | {took:.1f} s | {shown} | {len(flagged)} |", flush=True)


def print_catches(peers, train, every, scratch):
    cases = [json.loads(line) for line in open(train / "cases.jsonl", encoding="utf-8")][::every]
    folder = scratch / "cases"
    for case in cases:
        write(train / "bases" / case["base"], case, folder / case["id"])
    rejected = {stage: {case["id"] for case in cases if not case["verdicts"][stage]["ok"]} for stage in STAGES}
    anywhere = set().union(*rejected.values())
    sets = [*rejected.values(), anywhere, {case["id"] for case in cases} - anywhere]
    names = [f"rejected at {name} ({len(ids)})" for name, ids in zip(STAGES.values(), sets)]
    names += [f"rejected anywhere ({len(sets[3])})", f"wrongly: accepted everywhere ({len(sets[4])})"]
    print(f"\n| flagged of {len(cases)} recorded cases | {' | '.join(names)} |")
    print("|---|" + "---:|" * len(names))
    roots = [str(folder / case["id"]) for case in cases]
    for name, check in peers.items():
        flagged = {Path(root).name for root in check(roots)}
        shares = [f"{100 * len(flagged & ids) / max(1, len(ids)):.1f} %" for ids in sets]
        print(f"| {name} | {' | '.join(shares)} |", flush=True)


def write(base, case, target):
    """The plugin folder of a case: its base with the case's changes; only files count, there are no empty folders."""
    files = {str(path.relative_to(base)): path.read_bytes() for path in base.rglob("*") if path.is_file()}
    for op in case["ops"]:
        if "rename_to" in op:
            files[op["rename_to"]] = files.pop(op["path"])
        elif op.get("delete"):
            del files[op["path"]]
    for op in case["ops"]:
        if "content" in op:
            files[op["path"]] = op["content"].encode()
        elif "content_b64" in op:
            files[op["path"]] = base64.b64decode(op["content_b64"])
    target.mkdir(parents=True)
    for name, content in files.items():
        (target / name).parent.mkdir(parents=True, exist_ok=True)
        (target / name).write_bytes(content)


if __name__ == "__main__":
    main()
