#!/usr/bin/env python
"""The example product's command line; without ``DJANGO_SETTINGS_MODULE`` it is the demo's."""

import os
import sys

from django.core.management import execute_from_command_line

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "example_project.settings.demo")
    execute_from_command_line(sys.argv)
