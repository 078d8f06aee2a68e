"""The calls to a Lumen server, shared by all model types."""

from collections.abc import Mapping
from typing import Any

import requests
from dify_plugin.errors.model import (
    CredentialsValidateFailedError,
    InvokeAuthorizationError,
    InvokeBadRequestError,
    InvokeConnectionError,
    InvokeError,
    InvokeRateLimitError,
    InvokeServerUnavailableError,
)

API = "https://api.lumen.example/v1"
TIMEOUT_SECONDS = 60


class LumenError(Exception):
    """Lumen could not be reached, or did not do what it was asked for."""


class LumenUnreachable(LumenError):
    pass


class LumenRefusedSignIn(LumenError):
    pass


class LumenTooBusy(LumenError):
    pass


class LumenBroken(LumenError):
    pass


ERROR_MAPPING: dict[type[InvokeError], list[type[Exception]]] = {
    InvokeConnectionError: [LumenUnreachable],
    InvokeServerUnavailableError: [LumenBroken],
    InvokeRateLimitError: [LumenTooBusy],
    InvokeAuthorizationError: [LumenRefusedSignIn],
    InvokeBadRequestError: [LumenError, KeyError, ValueError],
}


def post(path: str, credentials: Mapping, **body: Any) -> requests.Response:
    """Posts to the server in the chosen region; the keywords are those of `requests.post`."""
    try:
        response = requests.post(
            f"{API}/{path}",
            params={"region": credentials.get("region") or "eu"},
            headers={"Authorization": f"Bearer {credentials['api_key']}"},
            timeout=TIMEOUT_SECONDS,
            **body,
        )
    except requests.RequestException as error:
        raise LumenUnreachable("Lumen could not be reached.") from error

    if response.status_code in (401, 403):
        raise LumenRefusedSignIn("Lumen did not accept the sign-in.")
    if response.status_code == 429:
        raise LumenTooBusy("Lumen received too many requests.")
    if response.status_code >= 500:
        raise LumenBroken(f"Lumen failed with status {response.status_code}.")
    if not response.ok:
        raise LumenError(f"Lumen refused the request with status {response.status_code}.")
    return response


def check_access(model: str, credentials: Mapping) -> None:
    """Raises `CredentialsValidateFailedError` unless the account may use the model."""
    try:
        post("access", credentials, json={"model": model})
    except LumenError as error:
        raise CredentialsValidateFailedError(str(error)) from error
