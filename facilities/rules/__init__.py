"""The domain rules as data: criteria, medications, inconsistencies, freshness, citations."""
