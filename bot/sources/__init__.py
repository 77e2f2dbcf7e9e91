"""Where jobs come from: one module a format, each found by its name or by what a document holds."""
