"""Where people meet the bot: Discord, the terminal, the browser preview."""
