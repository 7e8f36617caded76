"""Landing (落库): the judged rows of an import become rows of the case graph, set by set, in one transaction.

`staging` copies what `core.imports.validate` judged good into temporary tables, `judging` decides set by set what needs
other rows, `land.sql` inserts. Interrupted at any point, nothing is there; a rerun completes, and a second run changes nothing.
"""

from core.imports.landing.run import ImportRequest, ImportResult, Progress, import_directory

__all__ = ["ImportRequest", "ImportResult", "Progress", "import_directory"]
