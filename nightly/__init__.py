"""The list of the night's steps and its runs: the only room that calls services of several apps."""
