from collections.abc import Generator
from typing import Any

from dify_plugin import Tool
from dify_plugin.entities.tool import ToolInvokeMessage

LARGEST_CLIP = 64 * 1024


class PutClipTool(Tool):
    def _invoke(self, tool_parameters: dict[str, Any]) -> Generator[ToolInvokeMessage, None, None]:
        shelf = tool_parameters["shelf"]
        if not shelf.isalnum():
            raise ValueError("The name of a shelf consists of letters and digits.")

        clip = tool_parameters["content"].encode()
        if len(clip) > LARGEST_CLIP:
            raise ValueError("A clip is at most 64 KiB long.")

        self.session.storage.set(f"clip-{shelf}", clip)

        yield self.create_text_message(f"Shelf {shelf} now holds {len(clip)} bytes.")
        yield self.create_variable_message("size", len(clip))
