import pytest
from django.http import HttpResponse
from django.test import RequestFactory

from ciam_core.kernel.csp import ContentSecurityPolicyMiddleware, build_policy


@pytest.mark.parametrize(
    ("directives", "policy"),
    [
        ({}, ""),
        ({"default-src": ["'self'", "https://cdn.example"]}, "default-src 'self' https://cdn.example"),
        ({"img-src": "data:", "object-src": ("'none'",)}, "img-src data:; object-src 'none'"),
        ({"upgrade-insecure-requests": True, "default-src": False}, "upgrade-insecure-requests"),
        ({"default-src": []}, ""),
    ],
)
def test_directives_become_a_policy(directives, policy):
    assert build_policy(directives) == policy


def answered(headers=None):
    middleware = ContentSecurityPolicyMiddleware(lambda request: HttpResponse(headers=headers))
    return middleware(RequestFactory().get("/")).headers.get("Content-Security-Policy")


def test_every_answer_carries_the_policy(settings):
    settings.SECURE_CSP = {"default-src": ["'self'"]}
    assert answered() == "default-src 'self'"


def test_an_answer_with_a_policy_of_its_own_keeps_it(settings):
    settings.SECURE_CSP = {"default-src": ["'self'"]}
    assert answered({"Content-Security-Policy": "default-src 'none'"}) == "default-src 'none'"


def test_no_policy_is_no_header(settings):
    settings.SECURE_CSP = {}
    assert answered() is None
