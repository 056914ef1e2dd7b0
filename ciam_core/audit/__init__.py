"""What happened, kept: rows that are only added, numbered, signed, and shown to whom they are about."""
