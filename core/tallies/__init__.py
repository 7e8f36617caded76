"""案件统计 (case tallies): how many responses (件次) there are of each kind, kept by the database beside the rows themselves."""
