import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import requests
from dify_plugin import ToolProvider
from dify_plugin.entities.oauth import ToolOAuthCredentials
from dify_plugin.errors.tool import ToolProviderCredentialValidationError, ToolProviderOAuthError
from werkzeug import Request

AUTHORIZE_PAGE = "https://accounts.inkwell.example/oauth/authorize"
GRANT_ENDPOINT = "https://accounts.inkwell.example/oauth/grant"
PROFILE_ENDPOINT = "https://api.inkwell.example/v1/me"
TIMEOUT_SECONDS = 20


class InkwellNotesProvider(ToolProvider):
    def _validate_credentials(self, credentials: dict[str, Any]) -> None:
        try:
            response = requests.get(
                PROFILE_ENDPOINT,
                headers={"Authorization": f"Bearer {credentials['access_token']}"},
                timeout=TIMEOUT_SECONDS,
            )
        except requests.RequestException as error:
            raise ToolProviderCredentialValidationError("Inkwell could not be reached.") from error
        if not response.ok:
            raise ToolProviderCredentialValidationError(
                f"Inkwell did not accept the sign-in (status {response.status_code})."
            )

    def _oauth_get_authorization_url(
        self, redirect_uri: str, system_credentials: Mapping[str, Any]
    ) -> str:
        query = {
            "client_id": system_credentials["client_id"],
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": "notes.read offline_access",
            "state": secrets.token_urlsafe(16),
        }
        return f"{AUTHORIZE_PAGE}?{urlencode(query)}"

    def _oauth_get_credentials(
        self, redirect_uri: str, system_credentials: Mapping[str, Any], request: Request
    ) -> ToolOAuthCredentials:
        code = request.args.get("code")
        if not code:
            raise ToolProviderOAuthError("Inkwell sent no authorization code.")
        grant = self._ask_for_grant(
            system_credentials,
            {"grant_type": "authorization_code", "code": code, "redirect_uri": redirect_uri},
        )
        return grant

    def _oauth_refresh_credentials(
        self,
        redirect_uri: str,
        system_credentials: Mapping[str, Any],
        credentials: Mapping[str, Any],
    ) -> ToolOAuthCredentials:
        grant = self._ask_for_grant(
            system_credentials,
            {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"]},
        )
        return grant

    def _ask_for_grant(
        self, system_credentials: Mapping[str, Any], form: dict[str, str]
    ) -> ToolOAuthCredentials:
        try:
            response = requests.post(
                GRANT_ENDPOINT,
                data=form,
                auth=(system_credentials["client_id"], system_credentials["client_secret"]),
                timeout=TIMEOUT_SECONDS,
            )
            response.raise_for_status()
            grant = response.json()
            return ToolOAuthCredentials(
                credentials={
                    "access_token": grant["access_token"],
                    "refresh_token": grant["refresh_token"],
                },
                expires_at=int(time.time()) + int(grant["expires_in"]),
            )
        except (requests.RequestException, KeyError, ValueError) as error:
            raise ToolProviderOAuthError("Inkwell did not answer as expected.") from error
