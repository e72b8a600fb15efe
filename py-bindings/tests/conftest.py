"""What every test of the package starts with."""

import signal

# A background job starts with SIGINT ignored, and Python then never raises KeyboardInterrupt; the tests of Ctrl-C need it.
signal.signal(signal.SIGINT, signal.default_int_handler)
