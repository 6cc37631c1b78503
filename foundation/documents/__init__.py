"""Documents the portal hands out or prints."""
