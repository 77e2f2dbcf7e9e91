"""Reading text: shared by questions and job titles. Pure."""
