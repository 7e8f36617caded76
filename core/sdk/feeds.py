"""日程 Entries that a plugin adds to the calendars that members subscribe to."""

from core.feeds.entries import FeedEntry, FeedSource, Window

__all__ = ["FeedEntry", "FeedSource", "Window"]
