"""What a job is, how listings are read, what is announced where. Pure."""
