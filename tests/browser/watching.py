"""What a browser complains about while a test runs: console errors, exceptions, blocked and failed requests."""

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, Response, WebError

VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
    console.error(`policy ${event.effectiveDirective} blocked ${event.blockedURI} at ${event.sourceFile}`));
"""


class Watch:
    def __init__(self) -> None:
        self.contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def over(self, context: BrowserContext) -> None:
        self.contexts.append(context)
        context.on("console", self._console)
        context.on("weberror", self._exception)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)
        context.add_init_script(VIOLATIONS)

    def _console(self, message: ConsoleMessage) -> None:
        # Chromium reports each refused form (4xx) as a failed load of the page; the page is the answer.
        refused = message.text.startswith("Failed to load resource: the server responded with a status of 4")
        if message.type in ("error", "warning") and not refused:
            self.complaints.append(f"console: {message.text}")

    def _exception(self, error: WebError) -> None:
        self.complaints.append(f"exception: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != "net::ERR_ABORTED":  # a page left before it was done
            self.complaints.append(f"failed: {request.method} {request.url} ({request.failure})")

    def _answered(self, response: Response) -> None:
        missing = response.status == 404 and not response.request.is_navigation_request()
        if response.status >= 500 or missing:
            self.complaints.append(f"{response.status}: {response.request.method} {response.url}")
