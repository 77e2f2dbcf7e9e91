"""The page of the preview without a browser: what its script sends and reads."""

from __future__ import annotations

import asyncio
import json
from itertools import count
from typing import Any

import aiohttp

WAIT_SECONDS = 20
BUTTON = 2


def buttons(component: dict[str, Any]) -> list[dict[str, Any]]:
    """Return every button in a message or a component."""
    found = [component] if component.get("type") == BUTTON and "custom_id" in component else []
    return found + [button for child in component.get("components", ()) for button in buttons(child)]


class Visit:
    """One open page."""

    def __init__(self, session: aiohttp.ClientSession, address: str) -> None:
        self._session = session
        self._url, _, self._capability = address.partition("/#")
        self._sequence = count(1)
        self.state: dict[str, Any] = {}

    async def open(self) -> Visit:
        """Open the page, and return it."""
        self.state = await self._request("POST", "/api/pages", {})
        return self

    async def close(self) -> None:
        """Close the page, as a browser's tab does."""
        await self._request("DELETE", f"/api/pages/{self.state['context']['id']}")

    async def look(self) -> dict[str, Any]:
        """Read what is shown now."""
        self.state = await self._request("GET", "/api/state")
        return self.state

    @property
    def messages(self) -> list[dict[str, Any]]:
        """What is shown, oldest first."""
        return [self.state["messages"][key] for key in self.state["timeline"]]

    @property
    def texts(self) -> list[str]:
        """All that is shown of each message, oldest first."""
        return [json.dumps(message, ensure_ascii=False) for message in self.messages]

    @property
    def newest(self) -> str:
        """The id of the newest message."""
        return str(self.state["timeline"][-1])

    async def until(self, *wanted: str) -> str:
        """Wait for a message that holds every text of `wanted`, and return it."""
        async with asyncio.timeout(WAIT_SECONDS):
            while True:
                await self.look()
                found = [text for text in self.texts if all(part in text for part in wanted)]
                if found:
                    return found[-1]
                await asyncio.sleep(0.05)

    async def write(self, content: str, *, reply_to: str | None = None) -> None:
        """Type a message and send it."""
        await self._act("send_message", content=content, target_id=None, reply_to_id=reply_to)

    async def press(self, label: str) -> None:
        """Press a button of the newest message."""
        [key] = [button["control_key"] for button in buttons(self.messages[-1]) if button.get("label") == label]
        await self._act("click", target_id=self.newest, control_key=key)

    async def end(self) -> None:
        """End the session, as the page's menu can."""
        await self._act("close", look=False)

    async def run(self, command: str, **options: str) -> None:
        """Use a slash command."""
        catalogue = await self._request("GET", "/api/commands")
        entry = next(entry for entry in catalogue["entries"] if entry["invocation"] == command)
        await self._act(
            "run_command",
            command_id=entry["commandId"],
            path=entry["path"],
            schema_fingerprint=entry["schemaFingerprint"],
            options=options,
        )

    async def _act(self, kind: str, *, look: bool = True, **body: Any) -> None:
        await self.look()
        number = next(self._sequence)
        envelope = {
            "protocol_version": 3,
            "sequence": number,
            "request_id": f"r{number}",
            "generation": self.state["context"]["generation"],
            "bot_generation": self.state["botGeneration"],
            "published_revision": self.state["publishedRevision"],
            "kind": kind,
        }
        receipt = await self._request("POST", "/api/action", envelope | body)
        assert receipt["settlement"] == "settled", receipt
        if look:
            await self.look()

    async def _request(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        headers = {"X-Simcord-Capability": self._capability}
        if self.state:
            headers["X-Simcord-Context"] = self.state["context"]["id"]
        async with self._session.request(method, self._url + path, json=body, headers=headers) as response:
            assert response.status == 200, await response.text()
            return await response.json()
