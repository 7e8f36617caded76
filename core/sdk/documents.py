"""Files that a plugin makes: kept in the object store, downloaded by signed address. `context.resource(Files)` is the store."""

from core.documents.files import Files
from core.documents.links import Link
from core.documents.made import MadeFile, StoredColumns, download_link, keep_made_file

__all__ = ["Files", "Link", "MadeFile", "StoredColumns", "download_link", "keep_made_file"]
