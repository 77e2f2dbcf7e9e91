"""From a question to an Answer. Pure: values in, values out."""
