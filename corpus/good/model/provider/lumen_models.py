from dify_plugin import ModelProvider
from dify_plugin.entities.model import ModelType


class LumenModelProvider(ModelProvider):
    def validate_provider_credentials(self, credentials: dict) -> None:
        model = self.get_model_instance(ModelType.LLM)
        model.validate_credentials("lumen-chat", credentials)
