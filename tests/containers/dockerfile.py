"""What the Dockerfile must keep to, as functions of its text."""

import re
from typing import NamedTuple

from deploy.containers import USER


class Instruction(NamedTuple):
    """One instruction, its lines joined."""

    name: str
    rest: str


def instructions(text: str) -> list[Instruction]:
    lines = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    return [Instruction(*line.split(None, 1)) for line in lines.replace("\\\n", " ").splitlines() if line.strip()]


def wrong(text: str) -> list[str]:
    """Each rule that the text breaks, in words."""
    every = instructions(text)
    stages = set(users(every))
    found = ["a # syntax= line needs another builder"] if re.match(r"#\s*syntax=", text) else []
    for name, rest in every:
        if name not in {"FROM", "COPY", "RUN", "LABEL", "ENV", "WORKDIR", "USER", "ENTRYPOINT", "CMD"}:
            found.append(f"{name} isn't needed here")
        if name in {"RUN", "COPY"} and re.match(r"--(mount|chmod|network|security|link)\b", rest):
            found.append(f"{name} {rest.split('=')[0]} needs another builder")
        if name == "FROM" and (base := rest.split()[0]) not in stages and not re.fullmatch(r"python:3\.\d+-slim", base):
            found.append(f"the base {base} isn't named by version")
        if "pip " in rest and not {"--require-hashes", "--no-cache-dir", "--only-binary"} <= set(rest.split()):
            found.append("pip installs wheels with the hashes of the lock file, and keeps no cache")
        if name in {"ENTRYPOINT", "CMD"} and not rest.startswith("["):
            found.append(f"{name} needs a shell")
    return found + [f"{stage} runs as {user}" for stage, user in users(every).items() if stage != "build" and user != f"{USER}:{USER}"]


def users(every: list[Instruction]) -> dict[str, str]:
    """The user as whom each stage ends, by the stage's name."""
    found: dict[str, str] = {}
    stage = ""
    for name, rest in every:
        if name == "FROM":
            base, _, stage = rest.split()
            found[stage] = found.get(base, "root")
        elif name == "USER":
            found[stage] = rest
    return found


def copied(text: str) -> set[str]:
    """The files and folders of the build's context that are copied."""
    own = [one.rest.split() for one in instructions(text) if one.name == "COPY" and not one.rest.startswith("--from")]
    return {source for parts in own for source in parts[:-1]}


def allowed(ignore: str) -> set[str]:
    """What the allow-list lets into the build. Raises ValueError if it isn't one."""
    lines = [line for line in ignore.splitlines() if line and not line.startswith("#")]
    if lines[0] != "*" or [line for line in lines[1:] if not line.startswith("!")] != ["**/__pycache__"]:
        raise ValueError("not an allow-list")
    return {line[1:] for line in lines if line.startswith("!")}
