"""The guides: one page a role, read from docs/guides/ and shown in the product's frame."""
