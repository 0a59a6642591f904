"""`make travel DAYS=21`: the local clock moves on, and what is due by then happens."""

import sys

from deploy.local.home import clock_file, data_folder, running
from shared import clock


def main(arguments: list[str]) -> int:
    """Move the clock by the days named and print the date it shows then."""
    try:
        days = float(arguments[0])
    except (IndexError, ValueError):
        sys.stderr.write("usage: make travel DAYS=21\n")
        return 64
    folder = data_folder()
    if not folder.is_dir():
        sys.stderr.write("There is no local data to travel with yet; `make run` makes it.\n")
        return 1
    try:
        at = clock.travel(clock_file(folder), days)
    except (ValueError, OverflowError) as error:
        sys.stderr.write(f"The clock can't go there: {error}\n")
        return 1
    print(f"It is now {at.astimezone():%A, %d %B %Y, %H:%M} here.")
    print(
        "What is due by then happens within seconds." if running(folder) else "`make run` isn't running; what is due happens when it does."
    )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
