from dify_plugin import AgentProvider


class ChecklistAgentProvider(AgentProvider):
    """Needs no account of its own: models and tools bring theirs."""
