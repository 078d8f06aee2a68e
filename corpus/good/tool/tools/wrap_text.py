import textwrap
from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage


class WrapTextTool(Tool):
    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        prefix = tool_parameters.get("prefix") or ""
        width = max(20, min(200, int(tool_parameters.get("width") or 80)))

        lines = textwrap.wrap(
            tool_parameters["content"],
            width=width,
            initial_indent=prefix,
            subsequent_indent=prefix,
        )

        yield self.create_text_message("\n".join(lines))
        yield self.create_variable_message("lines", lines)
