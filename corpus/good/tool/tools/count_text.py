from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage


class CountTextTool(Tool):
    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        content = tool_parameters["content"]
        unit = tool_parameters.get("unit", "words")
        ignore_blank = tool_parameters.get("ignore_blank", True)

        if unit == "words":
            count = len(content.split())
        elif unit == "lines":
            count = sum(1 for line in content.splitlines() if line.strip() or not ignore_blank)
        else:
            count = sum(1 for character in content if not (ignore_blank and character.isspace()))

        yield self.create_text_message(f"{count} {unit}")
        yield self.create_variable_message("count", count)
        yield self.create_variable_message("unit", unit)
