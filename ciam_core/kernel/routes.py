"""Where an app that may be left out answers: ``ciam_core.urls`` routes what is registered here beside its own."""

from ciam_core.kernel.registry import Registry

url_modules: Registry[str] = Registry("URL module")
"""Dotted paths of URL modules, included at the root."""

api_modules: Registry[str] = Registry("API module")
"""Dotted paths of URL modules under ``/api/ciam/v1/``, described in the OpenAPI document."""
