"""What the sub-apps of this distribution are built with. Not for hosts: it changes with what it hands on."""
