import mimetypes
from collections.abc import Generator
from typing import Any

import requests
from dify_plugin.entities.datasource import (
    DatasourceMessage,
    OnlineDriveBrowseFilesRequest,
    OnlineDriveBrowseFilesResponse,
    OnlineDriveDownloadFileRequest,
    OnlineDriveFile,
    OnlineDriveFileBucket,
)
from dify_plugin.interfaces.datasource.online_drive import OnlineDriveDatasource

API = "https://api.harbor.example/v1"
TIMEOUT_SECONDS = 30


class HarborDriveDatasource(OnlineDriveDatasource):
    def _browse_files(
        self, request: OnlineDriveBrowseFilesRequest
    ) -> OnlineDriveBrowseFilesResponse:
        query = {"folder": request.prefix or "/", "limit": request.max_keys}
        if request.next_page_parameters:
            query["after"] = request.next_page_parameters["after"]

        listing = self._get("files", query).json()
        files = [
            OnlineDriveFile(
                id=entry["path"],
                name=entry["name"],
                size=entry.get("size") or 0,
                type="folder" if entry["is_folder"] else "file",
            )
            for entry in listing["entries"]
        ]
        after = listing.get("after")
        bucket = OnlineDriveFileBucket(
            bucket=request.bucket,
            files=files,
            is_truncated=after is not None,
            next_page_parameters={"after": after} if after is not None else None,
        )
        return OnlineDriveBrowseFilesResponse(result=[bucket])

    def _download_file(
        self, request: OnlineDriveDownloadFileRequest
    ) -> Generator[DatasourceMessage, None, None]:
        name = request.id.rsplit("/", 1)[-1]
        mime_type = mimetypes.guess_type(name)[0] or "application/octet-stream"
        blob = self._get("content", {"path": request.id}).content
        yield self.create_blob_message(blob, meta={"file_name": name, "mime_type": mime_type})

    def _get(self, path: str, query: dict[str, Any]) -> requests.Response:
        response = requests.get(
            f"{API}/{path}",
            params=query,
            headers={"Authorization": f"Bearer {self.runtime.credentials['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response
