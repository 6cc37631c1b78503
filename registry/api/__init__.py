"""What other departments' systems may do with deliveries: send files, and read their outcome, by token."""
