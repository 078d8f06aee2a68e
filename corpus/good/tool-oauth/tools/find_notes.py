from collections.abc import Generator
from typing import Any

import requests
from dify_plugin import Tool
from dify_plugin.entities import I18nObject, ParameterOption
from dify_plugin.entities.tool import ToolInvokeMessage

API = "https://api.inkwell.example/v1"
TIMEOUT_SECONDS = 20


class FindNotesTool(Tool):
    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        query = {"q": tool_parameters["query"], "limit": int(tool_parameters.get("limit") or 10)}
        if notebook := tool_parameters.get("notebook"):
            query["notebook"] = notebook

        notes = [
            {"title": note["title"], "url": note["url"], "excerpt": note["excerpt"]}
            for note in self._get("notes", query)["notes"]
        ]

        yield self.create_json_message({"notes": notes})
        yield self.create_variable_message("notes", notes)

    def _fetch_parameter_options(self, parameter: str) -> list[ParameterOption]:
        if parameter != "notebook":
            return []
        return [
            ParameterOption(value=notebook["id"], label=I18nObject(en_US=notebook["name"]))
            for notebook in self._get("notebooks", {})["notebooks"]
        ]

    def _get(self, path: str, query: dict[str, Any]) -> dict[str, Any]:
        response = requests.get(
            f"{API}/{path}",
            params=query,
            headers={"Authorization": f"Bearer {self.runtime.credentials['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response.json()
