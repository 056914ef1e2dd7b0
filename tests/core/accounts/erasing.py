"""Run in a process of its own, which a signal kills before its ``n``-th write: database name, person, ``n``."""

import os
import signal
import sys

import django

django.setup()

from django.db import connection  # noqa: E402

from ciam_core.flows import carry_out_erasure  # noqa: E402


def main(database: str, subject_id: str, moment: int) -> None:
    connection.settings_dict["NAME"] = database
    seen = 0

    def watch(execute, sql, params, many, context):
        nonlocal seen
        if sql.startswith(("UPDATE", "DELETE")):
            seen += 1
            if seen == moment:
                os.kill(os.getpid(), signal.SIGKILL)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        carry_out_erasure(subject_id)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
