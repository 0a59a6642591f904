"""The API of the requests service: connection requests, connections, introductions, whom it may reach, and what waits for a member."""

from shared.contracts.http.requests import connections, introductions, people, reach, todo

MODULES = (connections, introductions, people, reach, todo)
