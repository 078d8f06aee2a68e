import time
from collections.abc import Generator, Mapping
from typing import Any

import requests
from dify_plugin.entities.datasource import WebSiteInfo, WebSiteInfoDetail, WebsiteCrawlMessage
from dify_plugin.interfaces.datasource.website import WebsiteCrawlDatasource

API = "https://api.marten.example/v1"
TIMEOUT_SECONDS = 30
POLL_SECONDS = 5
LONGEST_CRAWL_SECONDS = 600


class MartenCrawlDatasource(WebsiteCrawlDatasource):
    def _get_website_crawl(
        self, datasource_parameters: Mapping[str, Any]
    ) -> Generator[WebsiteCrawlMessage, None, None]:
        order = {
            "url": datasource_parameters["url"],
            "limit": int(datasource_parameters.get("limit") or 20),
            "scope": datasource_parameters.get("scope") or "site",
        }
        crawl = self._call("POST", "crawls", order)
        deadline = time.monotonic() + LONGEST_CRAWL_SECONDS

        while crawl["state"] == "running":
            if time.monotonic() > deadline:
                raise TimeoutError("The crawl took longer than ten minutes.")
            yield self.create_crawl_message(
                WebSiteInfo(
                    status="processing",
                    web_info_list=[],
                    total=crawl["total"],
                    completed=crawl["done"],
                )
            )
            time.sleep(POLL_SECONDS)
            crawl = self._call("GET", f"crawls/{crawl['id']}")

        if crawl["state"] != "finished":
            raise ValueError(f"Marten ended the crawl with the state {crawl['state']}.")

        pages = [
            WebSiteInfoDetail(
                source_url=page["url"],
                content=page["text"],
                title=page["title"],
                description=page["summary"],
            )
            for page in crawl["pages"]
        ]
        yield self.create_crawl_message(
            WebSiteInfo(
                status="completed", web_info_list=pages, total=len(pages), completed=len(pages)
            )
        )

    def _call(
        self, method: str, path: str, body: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        response = requests.request(
            method,
            f"{API}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.runtime.credentials['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response.json()
