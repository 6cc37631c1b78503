"""The pages of the policy parameters: find one, its history by region, the values in force by unit and day, propose, approve."""
