"""How often what may be tried, by whom: attackers are slowed, owners on a device of theirs are not."""
