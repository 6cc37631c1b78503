"""The list of the night's steps and its runs: the only package below portal that calls services of several apps."""
