"""Scripts that break an installation of their own on purpose and count what is lost: `./run torture NAME`."""
