"""What other departments' systems may ask of enrolment: coverage of persons, by token."""
