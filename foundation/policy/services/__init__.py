"""Writing parameters: the loader of the YAML files."""
