"""Reference data of the nation, shipped with the project: divisions, courts, causes, case types, agencies."""
