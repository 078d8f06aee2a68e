from dify_plugin import ToolProvider


class GreetingProvider(ToolProvider):
    def _validate_credentials(self, credentials: dict) -> None:
        """Accept every workspace: the tool needs no account."""
