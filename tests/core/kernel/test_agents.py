from time import thread_time

import pytest

from ciam_core.kernel.agents import device_in_words

WEBKIT = "AppleWebKit/605.1.15 (KHTML, like Gecko)"
BLINK = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
IPHONE = f"Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) {WEBKIT}"
ANDROID = f"Mozilla/5.0 (Linux; Android 14; SM-S921B) {BLINK[:-16]}"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36", "Chrome on Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {BLINK} Safari/537.36 Edg/126.0.2592.87", "Edge on Windows"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {BLINK} Safari/537.36 OPR/112.0.0.0", "Opera on Linux"),
        ("Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0", "Firefox on Linux"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {WEBKIT} Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (f"Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) {BLINK} Safari/537.36", "Chrome on ChromeOS"),
        (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        (f"{IPHONE} CriOS/126.0.6478.54 Mobile/15E148 Safari/604.1", "Chrome on iPhone"),
        (f"{IPHONE} FxiOS/127.1 Mobile/15E148 Safari/605.1.15", "Firefox on iPhone"),
        (f"{IPHONE} EdgiOS/126.0.2592.56 Version/17.0 Mobile/15E148 Safari/604.1", "Edge on iPhone"),
        (f"Mozilla/5.0 (iPad; CPU OS 16_7 like Mac OS X) {WEBKIT} Version/16.6 Safari/604.1", "Safari on iPad"),
        (f"{ANDROID} SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36", "Samsung Internet on Android"),
        (f"{ANDROID} Chrome/126.0.0.0 Mobile Safari/537.36", "Chrome on Android"),
        ("Mozilla/5.0 (Android 14; Mobile; rv:127.0) Gecko/127.0 Firefox/127.0", "Firefox on Android"),
        ("Shop/3.1 (iPhone; iOS 17.5)", "iPhone"),
        ("curl/8.7.1", ""),
        ("", ""),
    ],
)
def test_a_user_agent_in_words(agent, words):
    assert device_in_words(agent) == words


def test_nothing_of_what_a_client_sends_is_repeated():
    assert device_in_words("<b>Chrome/1 on \r\nBcc: eve@example.org Windows") == "Chrome on Windows"


def test_an_endless_user_agent_costs_nothing():
    endless = "Chrom" * 2_000_000
    start = thread_time()

    assert device_in_words(endless) == ""
    assert thread_time() - start < 0.05
