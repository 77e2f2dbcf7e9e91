"""career-bot run and preview: the bot on Discord, or in a simulated Discord in the browser."""

from __future__ import annotations

import asyncio
import sys

import click

from bot.config import read_config, read_environment
from bot.errors import SettingsError


@click.command()
def run() -> None:
    """Run the bot on Discord; DISCORD_TOKEN or DISCORD_TOKEN_FILE must be set."""
    from bot import log
    from bot.app import create_discord_bot
    from bot.frontends.discord import supervision

    config = read_config(read_environment())
    if config.token is None:
        raise SettingsError(
            ("DISCORD_TOKEN: not set; put the bot's token there, or try the bot with: career-bot preview",)
        )
    log.set_up(config.log_level)
    supervision.use_proxies(config.discord_api_url, config.discord_gateway_url)
    code = asyncio.run(supervision.run(lambda: create_discord_bot(config), config.token.get_secret_value()))
    sys.exit(code)


@click.command()
@click.option("--port", default=0, help="The port of the page; 0 takes a free one.")
@click.option("--browser/--no-browser", default=True, help="Whether to open the browser.")
def preview(port: int, *, browser: bool) -> None:
    """Try the bot in a simulated Discord in the browser; needs no token and keeps nothing."""
    from bot.frontends import preview as page

    asyncio.run(page.show(port=port, browser=browser))
