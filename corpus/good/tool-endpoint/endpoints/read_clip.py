import hmac
from collections.abc import Mapping

from dify_plugin import Endpoint
from werkzeug import Request, Response


class ReadClipEndpoint(Endpoint):
    def _invoke(self, r: Request, values: Mapping, settings: Mapping) -> Response:
        given = r.headers.get("X-Reading-Key", "")
        if not hmac.compare_digest(given.encode(), settings["reading_key"].encode()):
            return Response("The reading key is wrong.", status=403, content_type="text/plain")

        name = f"clip-{values['shelf']}"
        if not self.session.storage.exist(name):
            return Response("This shelf is empty.", status=404, content_type="text/plain")

        clip = self.session.storage.get(name)
        return Response(clip, status=200, content_type="text/plain; charset=utf-8")
