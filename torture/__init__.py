"""Scripts that kill processes of their own installation on purpose and count what is lost: `./run torture NAME`."""
