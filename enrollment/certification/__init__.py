"""Certification of life (资格认证): whose window ends without evidence of life. One statement for a county or one person.

Evidence and persons are read from the register (inputs.py); the night hands its own in, matched and pinned. Nothing is paused here.
"""
