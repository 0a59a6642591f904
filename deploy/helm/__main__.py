"""`python -m deploy.helm`: writes the chart anew from deploy/kubernetes."""

from pathlib import Path

from deploy.helm.chart import files

CHART = Path(__file__).parent / "madrina"
BY_HAND = {"templates/_helpers.tpl", "templates/NOTES.txt"}


def main() -> None:
    """Writes every generated file, and deletes those that are none any more."""
    written = files()
    for path in [
        path for path in CHART.rglob("*") if path.is_file() and path.relative_to(CHART).as_posix() not in BY_HAND | written.keys()
    ]:
        path.unlink()
    for name, text in written.items():
        (CHART / name).parent.mkdir(parents=True, exist_ok=True)
        (CHART / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
