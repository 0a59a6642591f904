"""`madrina`, the operator's command line: what every service has, and what one of them has alone.

madrina dead-letters list | show | replay
madrina outbox list | republish | settle
madrina letters list | again
madrina members invite | import | show | suspend | reinstate | erase | block | unblock | sweep | erasures
madrina reports list | show
madrina reputation anchors | standing | rebuild
"""

import argparse
from collections.abc import Sequence

from services.members.erasure import operator as erasure
from services.members.invitations import operator as invitations
from services.members.safety import operator as safety
from services.notify.queue import operator as letters
from services.reputation.standing import operator as reputation
from shared.process import cli, outbox_cli


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line; 0, or 1 with a sentence on stderr."""
    parser = argparse.ArgumentParser(prog="madrina", description="The operator's command line of Madrina.")
    areas = parser.add_subparsers(dest="area", required=True)
    cli.dead_letters_commands(areas.add_parser("dead-letters", help="events that a service could not handle"))
    outbox_cli.outbox_commands(areas.add_parser("outbox", help="what the broker acknowledged, and publishing it once more"))
    letters.letters_commands(areas.add_parser("letters", help="letters that may have arrived and wait for a person's decision"))
    of_members = areas.add_parser("members", help="invite, suspend, reinstate, erase a member; block and unblock in her name")
    whats = safety.members_commands(of_members)
    invitations.joining_commands(whats)
    erasure.erasure_commands(whats)
    safety.reports_commands(areas.add_parser("reports", help="what members told moderators"))
    reputation.reputation_commands(areas.add_parser("reputation", help="anchors, how raters count, and every score proven by a replay"))
    options = parser.parse_args(arguments)
    status: int = options.run(options)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
