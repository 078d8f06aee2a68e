import hmac
from collections.abc import Mapping

from dify_plugin import Endpoint
from werkzeug import Request, Response

STATES = ("passing", "failing")


class ReportEndpoint(Endpoint):
    def _invoke(self, r: Request, values: Mapping, settings: Mapping) -> Response:
        given = r.headers.get("X-Report-Key", "")
        if not hmac.compare_digest(given.encode(), settings["report_key"].encode()):
            return Response("The report key is wrong.", status=403, content_type="text/plain")

        body = r.get_json(silent=True)
        state = body.get("state") if isinstance(body, dict) else None
        if state not in STATES:
            return Response(
                'Send {"state": "passing"} or {"state": "failing"}.',
                status=400,
                content_type="text/plain",
            )

        self.session.storage.set(f"job-{values['job']}", state.encode())
        return Response(status=204)
