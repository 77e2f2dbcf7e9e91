"""A Discord career advisor for data, ML and AI careers."""
