"""Log lines for a machine to read, without what belongs to a person."""

import json
import logging
import traceback
from datetime import UTC, datetime
from typing import Any


class JsonFormatter(logging.Formatter):
    """One JSON object a line. A request appears as its route, since a path may hold a link's secret; an exception as
    its type and where it came from, since a database quotes values in its messages.
    """

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._message(record),
        }
        if record.exc_info and record.exc_info[0]:
            line["exception"] = record.exc_info[0].__name__
            line["frames"] = [f"{frame.filename}:{frame.lineno}" for frame in traceback.extract_tb(record.exc_info[2])]
        return json.dumps(line)

    def _message(self, record: logging.LogRecord) -> str:
        request = getattr(record, "request", None)
        if request is None:
            return record.getMessage()
        match = getattr(request, "resolver_match", None)
        route = match.route if match else "unknown"
        return f"{getattr(record, 'status_code', '')} {getattr(request, 'method', '')} /{route}".strip()
