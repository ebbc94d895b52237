"""Words that every room shares: units, errors, the registry. Standard library only."""
