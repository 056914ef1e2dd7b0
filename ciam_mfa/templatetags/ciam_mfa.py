"""What the pages of ``ciam_mfa`` need of the template language."""

import json
from typing import Any

from django import template

register = template.Library()


@register.filter
def as_json(value: Any) -> str:
    """``value`` for an attribute that a script reads; the template escapes it as any other text."""
    return json.dumps(value)
