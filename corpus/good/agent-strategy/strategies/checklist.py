import json
from collections.abc import Generator
from typing import Any

from dify_plugin import AgentStrategy
from dify_plugin.entities.agent import AgentInvokeMessage
from dify_plugin.entities.model.llm import LLMModelConfig
from dify_plugin.entities.model.message import (
    AssistantPromptMessage,
    PromptMessage,
    SystemPromptMessage,
    ToolPromptMessage,
    UserPromptMessage,
)
from dify_plugin.interfaces.agent import AgentModelConfig, ToolEntity
from pydantic import BaseModel

CHECKLIST_RULE = (
    "Write down a short checklist first. Call tools for the items that need them. "
    "Answer when every item is done."
)


class ChecklistParameters(BaseModel):
    model: AgentModelConfig
    tools: list[ToolEntity] | None = None
    instruction: str
    query: str
    maximum_rounds: int = 5


class ChecklistStrategy(AgentStrategy):
    def _invoke(self, parameters: dict[str, Any]) -> Generator[AgentInvokeMessage, None, None]:
        given = ChecklistParameters(**parameters)
        tools = {tool.identity.name: tool for tool in given.tools or []}
        messages: list[PromptMessage] = [
            SystemPromptMessage(content=f"{given.instruction}\n\n{CHECKLIST_RULE}"),
            *given.model.history_prompt_messages,
            UserPromptMessage(content=given.query),
        ]

        for _ in range(given.maximum_rounds):
            answer = self._ask(given.model, messages, given.tools)
            if not answer.tool_calls:
                yield self.create_text_message(answer.get_text_content())
                return

            messages.append(answer)
            for call in answer.tool_calls:
                result = self._run_tool(tools, call)
                messages.append(
                    ToolPromptMessage(
                        content=result, tool_call_id=call.id, name=call.function.name
                    )
                )

        yield self.create_text_message("The checklist was not finished in the allowed rounds.")

    def _ask(
        self,
        model: AgentModelConfig,
        messages: list[PromptMessage],
        tools: list[ToolEntity] | None,
    ) -> AssistantPromptMessage:
        result = self.session.model.llm.invoke(
            model_config=LLMModelConfig(**model.model_dump(mode="json")),
            prompt_messages=messages,
            tools=self._init_prompt_tools(tools),
            stream=False,
        )
        return result.message

    def _run_tool(
        self, tools: dict[str, ToolEntity], call: AssistantPromptMessage.ToolCall
    ) -> str:
        tool = tools.get(call.function.name)
        if tool is None:
            return f"There is no tool named {call.function.name}."

        try:
            arguments = json.loads(call.function.arguments or "{}")
            replies = self.session.tool.invoke(
                provider_type=tool.provider_type,
                provider=tool.identity.provider,
                tool_name=tool.identity.name,
                parameters={**tool.runtime_parameters, **arguments},
            )
            parts = [json.dumps(reply.message.model_dump(mode="json")) for reply in replies]
        except Exception as error:
            # The model gets the reason, so that it can try another way.
            return f"The tool failed: {error}"
        return "\n".join(parts)
