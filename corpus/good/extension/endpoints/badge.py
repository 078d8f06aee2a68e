from collections.abc import Mapping

from dify_plugin import Endpoint
from markupsafe import escape
from werkzeug import Request, Response

COLOURS = {
    "vivid": {"passing": "#1f9d55", "failing": "#d33a2c", "unknown": "#6b7280"},
    "muted": {"passing": "#7aa88a", "failing": "#c08a84", "unknown": "#9ca3af"},
}
BADGE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="180" height="24">'
    '<rect width="180" height="24" rx="4" fill="{colour}"/>'
    '<text x="90" y="16" fill="#ffffff" font-size="12" text-anchor="middle">{text}</text>'
    "</svg>"
)


class BadgeEndpoint(Endpoint):
    def _invoke(self, r: Request, values: Mapping, settings: Mapping) -> Response:
        job = values["job"]
        name = f"job-{job}"
        state = "unknown"
        if self.session.storage.exist(name):
            state = self.session.storage.get(name).decode()

        palette = COLOURS.get(settings.get("palette"), COLOURS["vivid"])
        badge = BADGE.format(colour=palette[state], text=escape(f"{job}: {state}"))
        return Response(badge, status=200, content_type="image/svg+xml")
