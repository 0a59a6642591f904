"""`python -m shared.process.ready`: whether the process in this container is ready, for an engine that asks by command.

It says what is missing, and ends with 0 or 1.
"""

import http.client
import os
import sys


def main() -> int:
    """Ask `/readyz` on this machine's HEALTH_PORT."""
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ["HEALTH_PORT"]), timeout=4)
    try:
        connection.request("GET", "/readyz")
        answer = connection.getresponse()
        said, ready = answer.read().decode(errors="replace"), answer.status == http.client.OK
    except (OSError, http.client.HTTPException) as error:
        said, ready = f"no answer: {error}", False
    finally:
        connection.close()
    sys.stdout.write(f"{said}\n")
    return 0 if ready else 1


if __name__ == "__main__":
    raise SystemExit(main())
