"""What things cost, ours beside what a Django project has without us: ``make bench`` (docs/benchmarks.md).

``peers`` holds the projects that are compared, ``stage`` their database, ``servers`` and ``driving`` both ends of the
wire, ``processes`` what a process used. Each other module is one table of the page.
"""
