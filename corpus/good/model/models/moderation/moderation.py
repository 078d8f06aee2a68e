from collections.abc import Mapping

from dify_plugin import ModerationModel
from dify_plugin.entities import I18nObject
from dify_plugin.entities.model import AIModelEntity, FetchFrom, ModelPropertyKey, ModelType
from dify_plugin.errors.model import InvokeError

from models.api import ERROR_MAPPING, check_access, post

LONGEST_PART = 2000


class LumenModerationModel(ModerationModel):
    def _invoke(self, model: str, credentials: dict, text: str, user: str | None = None) -> bool:
        parts = [text[i : i + LONGEST_PART] for i in range(0, len(text), LONGEST_PART)]
        return any(
            post("moderation", credentials, json={"model": model, "text": part}).json()["flagged"]
            for part in parts
        )

    def validate_credentials(self, model: str, credentials: Mapping) -> None:
        check_access(model, credentials)

    @property
    def _invoke_error_mapping(self) -> dict[type[InvokeError], list[type[Exception]]]:
        return ERROR_MAPPING

    def get_customizable_model_schema(self, model: str, credentials: Mapping) -> AIModelEntity:
        return AIModelEntity(
            model=model,
            label=I18nObject(en_US=model),
            model_type=ModelType.MODERATION,
            fetch_from=FetchFrom.CUSTOMIZABLE_MODEL,
            model_properties={
                ModelPropertyKey.MAX_CHUNKS: 16,
                ModelPropertyKey.MAX_CHARACTERS_PER_CHUNK: LONGEST_PART,
            },
        )
