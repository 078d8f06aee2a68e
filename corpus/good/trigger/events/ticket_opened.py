from collections.abc import Mapping
from typing import Any

from dify_plugin.entities.trigger import Variables
from dify_plugin.errors.trigger import EventIgnoreError
from dify_plugin.interfaces.trigger import Event
from werkzeug import Request

PRIORITIES = ("low", "normal", "high")


class TicketOpenedEvent(Event):
    def _on_event(
        self, request: Request, parameters: Mapping[str, Any], payload: Mapping[str, Any]
    ) -> Variables:
        ticket = payload["ticket"]
        least = parameters.get("least_priority") or "low"
        if PRIORITIES.index(ticket["priority"]) < PRIORITIES.index(least):
            raise EventIgnoreError()

        return Variables(
            variables={
                "number": ticket["number"],
                "title": ticket["title"],
                "priority": ticket["priority"],
            }
        )
