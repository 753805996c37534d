"""The other ends of measured calls: a browser's page, and aiortc as it comes."""
