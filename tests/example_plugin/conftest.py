"""The plugin's checks need it installed: `tests/core/extension/test_example_plugin.py` installs it and runs them."""

from importlib.util import find_spec

collect_ignore_glob = ["*"] if find_spec("yingsu_example") is None else []
