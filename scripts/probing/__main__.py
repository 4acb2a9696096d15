"""Start the probe."""

import sys

from .bare import home_assistant_is_absent, without_home_assistant

if __name__ == "__main__":
    without_home_assistant()
    from .command import main

    if not home_assistant_is_absent():
        sys.exit("the device layer imports Home Assistant; it must not")
    sys.exit(main())
