"""A small Discord on 127.0.0.1: enough REST and gateway to run a bot against, with faults on request.

`server.LoopbackDiscord` is what a test opens. It answers the way Discord's documentation says, keeps everything in
memory, remembers nonces for two minutes of a clock that tests may move, and records every request.
"""
