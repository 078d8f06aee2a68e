from collections.abc import Mapping
from typing import Any

from dify_plugin.entities.trigger import Variables
from dify_plugin.errors.trigger import EventIgnoreError
from dify_plugin.interfaces.trigger import Event
from werkzeug import Request


class TicketClosedEvent(Event):
    def _on_event(
        self, request: Request, parameters: Mapping[str, Any], payload: Mapping[str, Any]
    ) -> Variables:
        ticket = payload["ticket"]
        if parameters.get("only_solved") and not ticket["solved"]:
            raise EventIgnoreError()

        return Variables(
            variables={
                "number": ticket["number"],
                "title": ticket["title"],
                "solved": ticket["solved"],
            }
        )
