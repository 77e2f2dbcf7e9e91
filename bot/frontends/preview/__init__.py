"""The real bot in a simulated Discord, in a browser page, with no token. Needs the extra `preview`."""
