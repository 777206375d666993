"""Discovery: bytes of a feed, sitemap, section page or JSON list to the links they name. Pure; never raises."""
