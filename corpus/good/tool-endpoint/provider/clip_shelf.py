from dify_plugin import ToolProvider


class ClipShelfProvider(ToolProvider):
    def _validate_credentials(self, credentials: dict) -> None:
        """Accept every workspace: the shelf is the storage of the plugin itself."""
