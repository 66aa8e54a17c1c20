"""python -m examples.scanner KEYS.json EVENT < codes.txt"""

import sys

from examples.scanner.ticket import main

sys.exit(main(sys.argv[1:]))
