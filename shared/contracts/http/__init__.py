"""The routes of the three APIs: one module an API, imported by the API, by the web's client and by the tests' fakes."""
