"""What ./run does: the environment, embedded PostgreSQL and Valkey, the processes that serve, and the checks.

Standard library only, because it runs before anything is installed and imports nothing else of the project.
`commands.py` is the entry point; `installation.py` knows the paths of one STATE_DIR.
"""
