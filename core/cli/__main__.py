"""`python -m core.cli` is `yingsu`."""

from core.cli import main

main()
