"""The API of the requests service: connection requests, connections, introductions, whom it may reach, suggestions, what waits for her."""

from shared.contracts.http.requests import connections, introductions, needs, people, reach, suggestions, todo

MODULES = (connections, introductions, needs, people, reach, suggestions, todo)
