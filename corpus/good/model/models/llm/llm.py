from collections.abc import Generator, Mapping

from dify_plugin import LargeLanguageModel
from dify_plugin.entities import I18nObject
from dify_plugin.entities.model import (
    AIModelEntity,
    FetchFrom,
    ModelPropertyKey,
    ModelType,
    ParameterRule,
    ParameterType,
)
from dify_plugin.entities.model.llm import LLMMode, LLMResult, LLMResultChunk, LLMResultChunkDelta
from dify_plugin.entities.model.message import (
    AssistantPromptMessage,
    PromptMessage,
    PromptMessageTool,
)
from dify_plugin.errors.model import InvokeError

from models.api import ERROR_MAPPING, check_access, post


class LumenLargeLanguageModel(LargeLanguageModel):
    def _invoke(
        self,
        model: str,
        credentials: dict,
        prompt_messages: list[PromptMessage],
        model_parameters: dict,
        tools: list[PromptMessageTool] | None = None,
        stop: list[str] | None = None,
        stream: bool = True,
        user: str | None = None,
    ) -> LLMResult | Generator[LLMResultChunk, None, None]:
        request = {
            "model": model,
            "messages": [
                {"role": message.role.value, "content": message.get_text_content()}
                for message in prompt_messages
            ],
            "parameters": model_parameters,
            "stop": stop or [],
        }
        answer = post("chat", credentials, json=request).json()

        message = AssistantPromptMessage(content=answer["content"])
        usage = self._calc_response_usage(
            model, credentials, answer["prompt_tokens"], answer["completion_tokens"]
        )
        if not stream:
            return LLMResult(
                model=model, prompt_messages=prompt_messages, message=message, usage=usage
            )
        delta = LLMResultChunkDelta(index=0, message=message, usage=usage, finish_reason="stop")
        chunk = LLMResultChunk(model=model, prompt_messages=prompt_messages, delta=delta)
        return (part for part in [chunk])

    def get_num_tokens(
        self,
        model: str,
        credentials: dict,
        prompt_messages: list[PromptMessage],
        tools: list[PromptMessageTool] | None = None,
    ) -> int:
        text = "\n".join(message.get_text_content() for message in prompt_messages)
        return self._get_num_tokens_by_gpt2(text)

    def validate_credentials(self, model: str, credentials: Mapping) -> None:
        check_access(model, credentials)

    @property
    def _invoke_error_mapping(self) -> dict[type[InvokeError], list[type[Exception]]]:
        return ERROR_MAPPING

    def get_customizable_model_schema(self, model: str, credentials: Mapping) -> AIModelEntity:
        return AIModelEntity(
            model=model,
            label=I18nObject(en_US=model),
            model_type=ModelType.LLM,
            fetch_from=FetchFrom.CUSTOMIZABLE_MODEL,
            model_properties={
                ModelPropertyKey.MODE: LLMMode.CHAT.value,
                ModelPropertyKey.CONTEXT_SIZE: 32768,
            },
            parameter_rules=[
                ParameterRule(
                    name="temperature",
                    label=I18nObject(en_US="Temperature"),
                    use_template="temperature",
                    type=ParameterType.FLOAT,
                ),
            ],
        )
