from dify_plugin import ToolProvider


class WordToolsProvider(ToolProvider):
    def _validate_credentials(self, credentials: dict) -> None:
        """Accept every workspace: the tools need no account."""
