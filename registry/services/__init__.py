"""What may be done to the register: receive a delivery, apply it, store numbers. Each opens its own transaction."""
