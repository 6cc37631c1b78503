"""What other departments' systems may do with enrolment: prepare applications, follow them, and ask who is eligible, by token."""
