"""What ./run does: the environment, embedded PostgreSQL and Valkey, the processes that serve, and the checks.

Standard library only, because it runs before anything is installed and imports nothing else of the project.
`commands.py` is the way in; `installation.py` says where everything of one STATE_DIR lies.
"""
