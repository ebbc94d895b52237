"""The venue's mechanisms: one module each, with its document and its rule. The venue puts them into force."""
