"""The API of the requests service: connection requests, connections, introductions, and what waits for a member."""

from shared.contracts.http.requests import connections, introductions, people, todo

MODULES = (connections, introductions, people, todo)
