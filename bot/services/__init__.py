"""The async use cases; they know only the Protocols in ports.py."""
