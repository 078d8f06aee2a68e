import hashlib
import hmac
import secrets
from collections.abc import Mapping
from typing import Any

import requests
from dify_plugin.entities.provider_config import CredentialType
from dify_plugin.entities.trigger import EventDispatch, Subscription, UnsubscribeResult
from dify_plugin.errors.trigger import (
    SubscriptionError,
    TriggerDispatchError,
    TriggerProviderCredentialValidationError,
    TriggerValidationError,
)
from dify_plugin.interfaces.trigger import Trigger, TriggerSubscriptionConstructor
from werkzeug import Request, Response

API = "https://api.tracker.example/v1"
TIMEOUT_SECONDS = 20
EVENTS = {"opened": "ticket_opened", "closed": "ticket_closed"}


class TrackerTrigger(Trigger):
    def _dispatch_event(self, subscription: Subscription, request: Request) -> EventDispatch:
        key = str(subscription.properties["signing_key"]).encode()
        expected = hmac.new(key, request.get_data(), hashlib.sha256).hexdigest()
        if not hmac.compare_digest(expected, request.headers.get("X-Tracker-Signature", "")):
            raise TriggerValidationError("The signature of the delivery is wrong.")

        payload = request.get_json(silent=True)
        if not isinstance(payload, dict):
            raise TriggerDispatchError("The delivery holds no JSON object.")

        event = EVENTS.get(payload.get("kind"))
        return EventDispatch(
            events=[event] if event else [],
            payload=payload,
            response=Response(status=204),
        )


class TrackerSubscriptionConstructor(TriggerSubscriptionConstructor):
    def _validate_api_key(self, credentials: Mapping[str, Any]) -> None:
        try:
            self._call("GET", "account", credentials)
        except requests.RequestException as error:
            raise TriggerProviderCredentialValidationError(
                "Tracker did not accept the sign-in."
            ) from error

    def _create_subscription(
        self,
        endpoint: str,
        parameters: Mapping[str, Any],
        credentials: Mapping[str, Any],
        credential_type: CredentialType,
    ) -> Subscription:
        signing_key = secrets.token_hex(32)
        webhook = {
            "project": parameters["project"],
            "kinds": parameters["kinds"],
            "url": endpoint,
            "signing_key": signing_key,
        }
        try:
            created = self._call("POST", "webhooks", credentials, webhook).json()
        except requests.RequestException as error:
            raise SubscriptionError("Tracker did not create the webhook.") from error
        subscription = Subscription(
            expires_at=-1,
            endpoint=endpoint,
            parameters=parameters,
            properties={"webhook": created["id"], "signing_key": signing_key},
        )
        return subscription

    def _delete_subscription(
        self,
        subscription: Subscription,
        credentials: Mapping[str, Any],
        credential_type: CredentialType,
    ) -> UnsubscribeResult:
        try:
            self._call("DELETE", f"webhooks/{subscription.properties['webhook']}", credentials)
        except requests.RequestException:
            return UnsubscribeResult(success=False, message="Tracker kept the webhook.")
        return UnsubscribeResult(success=True, message="The webhook was deleted.")

    def _refresh_subscription(
        self,
        subscription: Subscription,
        credentials: Mapping[str, Any],
        credential_type: CredentialType,
    ) -> Subscription:
        """Webhooks of Tracker do not expire."""
        return subscription

    def _call(
        self,
        method: str,
        path: str,
        credentials: Mapping[str, Any],
        body: dict[str, Any] | None = None,
    ) -> requests.Response:
        response = requests.request(
            method,
            f"{API}/{path}",
            json=body,
            headers={"Authorization": f"Bearer {credentials['access_token']}"},
            timeout=TIMEOUT_SECONDS,
        )
        response.raise_for_status()
        return response
