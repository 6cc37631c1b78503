"""What other departments' systems may do with deliveries: send files, and read what became of them, by token."""
