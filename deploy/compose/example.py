""".env.example: every key of the stack on one machine, with its meaning. Written by `make documents`."""

from collections.abc import Iterator

from deploy.containers import IMAGE, fixed
from deploy.processes import PROCESSES, Setting, settings_of

INSIDE = {"MADRINA_ENV", "PLAIN_TEXT", "CLOCK_FILE", "MEMBERS_URL", "REQUESTS_URL", "REPUTATION_URL", "NATS_URL", "TRUSTED_PROXIES"}
INSIDE |= {"NOTIFY_URL", "STREAM_REPLICAS", "TOKEN_PUBLIC_KEYS"}
"""Settings that follow from its being this stack."""
OF_COMPOSE = {
    "MADRINA_IMAGE": ("The image of every process, by tag or digest.", IMAGE),
    "HTTP_PORT": ("The port on which Caddy sends browsers on to HTTPS_PORT.", "80"),
    "HTTPS_PORT": ("The port of the pages; if it is another one, WEB_URL ends with it too.", "443"),
    "EDGE_NETWORK": ("The first three numbers of the network of Caddy and the web, if this machine has that one already.", "10.87.30"),
}
"""What isn't a setting of any process: by its name, what it means and its default."""


def chosen() -> dict[str, Setting]:
    """The settings that an operator chooses, by name."""
    found: dict[str, Setting] = {}
    for process in PROCESSES:
        ours = INSIDE | set(fixed(process))
        theirs = (setting for setting in settings_of(process) if setting.name not in ours)
        found |= {setting.name: setting for setting in theirs if setting.name == "SMTP_PASSWORD" or not setting.secret}
    return found


def render() -> str:
    """The whole file."""
    settings = chosen()
    needed = [setting for setting in settings.values() if setting.default is None]
    rest = [setting for setting in settings.values() if setting.default is not None]
    return "\n".join(
        [
            "# Written by `make documents`. Copy it to .env and fill in what must be set. Keys and passwords: `make compose-secrets`.",
            "",
            "# What must be set",
            *(line for setting in needed for line in _setting(setting)),
            "",
            "# What may be set: take the # away",
            *(line for setting in rest for line in _setting(setting)),
            "",
            "# This machine",
            *(line for name, (meaning, default) in OF_COMPOSE.items() for line in (f"# {meaning}", f"#{name}={default}")),
            "",
        ]
    )


def _setting(setting: Setting) -> Iterator[str]:
    values = f" ({setting.values})" if setting.values else ""
    yield f"# {' '.join(setting.meaning.split())}{values}"
    yield f"{setting.name}=" if setting.default is None else f"#{setting.name}={setting.default}"
