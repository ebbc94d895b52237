"""Tests that the house is in order: registries, schemas, documents, imports."""
