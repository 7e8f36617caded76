"""Landing (落库): the judged rows of an import become rows of the case graph, set by set, in one transaction.

`staging` copies what `core.imports.validate` judged good into temporary tables, the `judge*.sql` decide set by set what needs
other rows, the `land*.sql` insert, `reporting` tells. Interrupted at any point, nothing is there; a rerun completes, and a
second run changes nothing. `run.import_directory` is the way in.
"""

from core.imports.landing.request import ImportRequest, ImportResult, Progress
from core.imports.landing.run import import_directory

__all__ = ["ImportRequest", "ImportResult", "Progress", "import_directory"]
