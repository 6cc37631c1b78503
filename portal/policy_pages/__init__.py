"""The pages of the rules in force: find one, its history by region, what holds where and when, propose, approve."""
