"""docs/settings.md: every process and every setting, written from the table of processes and the settings classes."""

from collections.abc import Iterator

from deploy.processes import PROCESSES, Process, Setting, settings_of

_INTRO = """# Processes and settings

Written by `make documents` from `deploy/processes.py` and the settings classes; a test fails if it is out of date.

Processes read their settings from the environment. One that is missing or wrong keeps its process from starting: it lists all such
settings and exits with 78. An empty value counts as missing. *Secret* settings are never logged.
"""


def render() -> str:
    """The whole page."""
    return "\n".join([_INTRO, *_processes(), *_groups()])


def _processes() -> Iterator[str]:
    yield "## Processes\n"
    yield "One without any port is a job: it ends by itself. Each connects to its database as the role of the same name.\n"
    yield "| process | command | port | health port | database | broker user |"
    yield "|---|---|---|---|---|---|"
    for process in PROCESSES:
        command = f"python {' '.join(process.arguments())}"
        ports = f"{process.port or ''} | {process.health_port or ''}"
        yield f"| {process.name} | `{command}` | {ports} | {process.database or ''} | {process.broker_user or ''} |"
    yield ""


def _groups() -> Iterator[str]:
    """A section for each settings class that adds settings, with who reads them."""
    readers: dict[type, dict[Setting, list[Process]]] = {}
    for process in PROCESSES:
        for setting in settings_of(process):
            readers.setdefault(setting.of, {}).setdefault(setting, []).append(process)
    for group, settings in readers.items():
        title, _, more = " ".join((group.__doc__ or "").split()).partition(". ")
        yield f"## {title.removesuffix('.')}\n"
        yield f"{f'{more} ' if more else ''}Read by {', '.join(process.name for process in next(iter(settings.values())))}.\n"
        yield "| setting | values | default | meaning |"
        yield "|---|---|---|---|"
        yield from map(_row, settings)
        yield ""


def _row(setting: Setting) -> str:
    default = "must be set" if setting.default is None else f"`{setting.default}`" if setting.default else "none"
    return f"| `{setting.name}` | {setting.values} | {default} | {'*Secret.* ' if setting.secret else ''}{setting.meaning} |"
