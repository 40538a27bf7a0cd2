"""Measurements and the generated pages that they, and the tests, run on. Not part of the package."""
