"""死信 (dead letters): jobs that failed as often as they may, for the platform administrators of their tenant."""
