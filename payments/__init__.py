"""WHAT government pays, to whom, with which proof: contributions in the poor's name, benefits, money."""
