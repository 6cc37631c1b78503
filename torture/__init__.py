"""Scripts that damage an installation or a copy of their own on purpose and count what is lost: `./run torture NAME`."""
