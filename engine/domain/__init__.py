"""What is traded and what is said about it: plain types that every observer may share."""
