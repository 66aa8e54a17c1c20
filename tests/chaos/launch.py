"""python -m tests.chaos.launch <service>: the service as it is, with points at which it can be told to die.

Which point, a file says: `<run>/chaos/<service>`. No service and no part of the chassis knows of this.
"""

import os
import runpy
import sys
from pathlib import Path

from tests.chaos.points import Death, put_in_the_way


def main(service: str) -> None:
    """Run the service's composition root in this process."""
    folder = Path(os.environ["AVONDKASSA_SECRETS"]).parents[1]
    put_in_the_way(service, Death(folder / "chaos" / service))
    runpy.run_module(f"services.{service}.app", run_name="__main__")


if __name__ == "__main__":
    main(sys.argv[1])
