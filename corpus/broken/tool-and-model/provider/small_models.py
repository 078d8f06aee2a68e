from dify_plugin import ModelProvider


class SmallModelProvider(ModelProvider):
    def validate_provider_credentials(self, credentials: dict) -> None:
        """No model, no credentials."""
