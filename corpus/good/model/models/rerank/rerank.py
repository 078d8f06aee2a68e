from collections.abc import Mapping

from dify_plugin import RerankModel
from dify_plugin.entities import I18nObject
from dify_plugin.entities.model import AIModelEntity, FetchFrom, ModelPropertyKey, ModelType
from dify_plugin.entities.model.rerank import RerankDocument, RerankResult
from dify_plugin.errors.model import InvokeError

from models.api import ERROR_MAPPING, check_access, post


class LumenRerankModel(RerankModel):
    def _invoke(
        self,
        model: str,
        credentials: dict,
        query: str,
        docs: list[str],
        score_threshold: float | None = None,
        top_n: int | None = None,
        user: str | None = None,
    ) -> RerankResult:
        if not docs:
            return RerankResult(model=model, docs=[])

        request = {"model": model, "query": query, "documents": docs, "limit": top_n or len(docs)}
        answer = post("rerank", credentials, json=request).json()
        ranked = [
            RerankDocument(index=hit["index"], text=docs[hit["index"]], score=hit["score"])
            for hit in answer["hits"]
            if score_threshold is None or hit["score"] >= score_threshold
        ]
        return RerankResult(model=model, docs=ranked)

    def validate_credentials(self, model: str, credentials: Mapping) -> None:
        check_access(model, credentials)

    @property
    def _invoke_error_mapping(self) -> dict[type[InvokeError], list[type[Exception]]]:
        return ERROR_MAPPING

    def get_customizable_model_schema(self, model: str, credentials: Mapping) -> AIModelEntity:
        return AIModelEntity(
            model=model,
            label=I18nObject(en_US=model),
            model_type=ModelType.RERANK,
            fetch_from=FetchFrom.CUSTOMIZABLE_MODEL,
            model_properties={ModelPropertyKey.CONTEXT_SIZE: 4096},
        )
