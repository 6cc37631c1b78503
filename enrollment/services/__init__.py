"""What may be done to enrolment's tables: publish a night's beliefs, open and close gaps."""
