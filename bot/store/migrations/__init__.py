"""How the tables came to be, one revision a file; a released file is never edited."""
