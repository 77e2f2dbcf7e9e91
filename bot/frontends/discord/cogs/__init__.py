"""Commands and events: read arguments, call one service, render."""
