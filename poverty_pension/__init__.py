"""The project package: wiring on top (urls, celery, nightly, portal), shared ground below (accounts ... primitives)."""
