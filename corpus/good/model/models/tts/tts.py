from collections.abc import Mapping

from dify_plugin import TTSModel
from dify_plugin.entities import I18nObject
from dify_plugin.entities.model import AIModelEntity, FetchFrom, ModelPropertyKey, ModelType
from dify_plugin.errors.model import InvokeError

from models.api import ERROR_MAPPING, check_access, post


class LumenTTSModel(TTSModel):
    def _invoke(
        self,
        model: str,
        tenant_id: str,
        credentials: dict,
        content_text: str,
        voice: str,
        user: str | None = None,
    ) -> bytes:
        known = [item["value"] for item in self.get_tts_model_voices(model, credentials) or []]
        if voice not in known:
            voice = self._get_model_default_voice(model, credentials)

        request = {"model": model, "text": content_text, "voice": voice, "format": "mp3"}
        return post("speech", credentials, json=request).content

    def validate_credentials(self, model: str, credentials: Mapping) -> None:
        check_access(model, credentials)

    @property
    def _invoke_error_mapping(self) -> dict[type[InvokeError], list[type[Exception]]]:
        return ERROR_MAPPING

    def get_customizable_model_schema(self, model: str, credentials: Mapping) -> AIModelEntity:
        return AIModelEntity(
            model=model,
            label=I18nObject(en_US=model),
            model_type=ModelType.TTS,
            fetch_from=FetchFrom.CUSTOMIZABLE_MODEL,
            model_properties={
                ModelPropertyKey.DEFAULT_VOICE: "anna",
                ModelPropertyKey.VOICES: [
                    {"mode": "anna", "name": "Anna", "language": ["en-US", "de-DE"]},
                ],
                ModelPropertyKey.WORD_LIMIT: 2000,
                ModelPropertyKey.AUDIO_TYPE: "mp3",
                ModelPropertyKey.MAX_WORKERS: 2,
            },
        )
