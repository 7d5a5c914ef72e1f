"""A facility in words: card, page sections, comparison, call sheet, text message."""
