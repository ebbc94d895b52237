"""What must hold of the whole: the command, the shipped scenarios, the verdicts."""
