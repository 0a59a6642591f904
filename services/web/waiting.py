"""What a page asks again for: how much waits for her, and whether anything that Today shows has changed."""

import hashlib

from shared.contracts.http.requests.todo import TodoView


def waiting(todo: TodoView) -> int:
    """How many things want her answer, of each kind those on its first page."""
    kinds = (todo.connection_requests, todo.asked_back, todo.introductions, todo.needs, todo.to_write, todo.outcomes)
    return sum(len(kind.items) for kind in kinds)


def tag(todo: TodoView) -> str:
    """The ETag of everything that Today shows of it. It follows from what she may read alone, so it tells no more than that."""
    return f'"{hashlib.sha256(todo.model_dump_json().encode()).hexdigest()[:24]}"'
