"""Reports: a result turned into documents that other programs and people read."""
