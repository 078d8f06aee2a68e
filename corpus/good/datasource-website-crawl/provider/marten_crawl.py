from collections.abc import Mapping
from typing import Any

import requests
from dify_plugin.errors.tool import DatasourceCredentialValidationError
from dify_plugin.interfaces.datasource import DatasourceProvider

ACCOUNT_ENDPOINT = "https://api.marten.example/v1/account"
TIMEOUT_SECONDS = 30


class MartenCrawlProvider(DatasourceProvider):
    def _validate_credentials(self, credentials: Mapping[str, Any]) -> None:
        try:
            response = requests.get(
                ACCOUNT_ENDPOINT,
                headers={"Authorization": f"Bearer {credentials['access_token']}"},
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise DatasourceCredentialValidationError("Marten could not be reached.") from error
        if not response.ok:
            raise DatasourceCredentialValidationError(
                f"Marten did not accept the sign-in (status {response.status_code})."
            )
