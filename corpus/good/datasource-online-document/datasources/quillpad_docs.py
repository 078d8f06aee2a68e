from collections.abc import Generator, Mapping
from typing import Any

import requests
from dify_plugin.entities.datasource import (
    DatasourceGetPagesResponse,
    DatasourceMessage,
    GetOnlineDocumentPageContentRequest,
    OnlineDocumentInfo,
    OnlineDocumentPage,
)
from dify_plugin.interfaces.datasource.online_document import OnlineDocumentDatasource

API = "https://api.quillpad.example/v1"
TIMEOUT_SECONDS = 30


class QuillpadDocsDatasource(OnlineDocumentDatasource):
    def _get_pages(self, datasource_parameters: Mapping[str, Any]) -> DatasourceGetPagesResponse:
        workspaces = []
        for workspace in self._get("workspaces")["workspaces"]:
            documents = self._get(f"workspaces/{workspace['id']}/documents")["documents"]
            pages = [
                OnlineDocumentPage(
                    page_id=document["id"],
                    page_name=document["title"],
                    page_icon=None,
                    type="page",
                    last_edited_time=document["edited_at"],
                    parent_id=document.get("parent"),
                )
                for document in documents
            ]
            workspaces.append(
                OnlineDocumentInfo(
                    workspace_id=workspace["id"],
                    workspace_name=workspace["name"],
                    workspace_icon=workspace.get("icon") or "",
                    total=len(pages),
                    pages=pages,
                )
            )
        return DatasourceGetPagesResponse(result=workspaces)

    def _get_content(
        self, page: GetOnlineDocumentPageContentRequest
    ) -> Generator[DatasourceMessage, None, None]:
        document = self._get(f"workspaces/{page.workspace_id}/documents/{page.page_id}")
        yield self.create_variable_message("content", document["text"])
        yield self.create_variable_message("title", document["title"])
        yield self.create_variable_message("workspace_id", page.workspace_id)
        yield self.create_variable_message("page_id", page.page_id)

    def _get(self, path: str) -> dict[str, Any]:
        response = requests.get(
            f"{API}/{path}",
            headers={"Authorization": f"Bearer {self.runtime.credentials['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response.json()
