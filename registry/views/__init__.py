"""Pages of the register: finding a person, showing a number, deliveries. The person's own page is portal's."""
