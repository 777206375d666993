"""Messages: an `Alert` becomes a `Letter` (what is said, in the reader's language), then mail, Slack or JSON.

Everything that came from a page is hostile: it passes `hostile` before it gets into a letter, and each format escapes.
"""
