"""Writing the tree: loading lists of divisions."""
