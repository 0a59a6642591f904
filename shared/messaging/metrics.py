"""The numbers of messaging. No label carries an id or text, or tells one event from another."""

from prometheus_client import Counter, Gauge

RELAYED = Counter("madrina_relayed_events", "Events that the broker acknowledged")
REFUSED = Counter("madrina_refused_events", "Publications that the broker refused because of the event itself")
WAITING = Gauge("madrina_outbox_waiting", "Stored events that wait for the broker, at most one batch of them", ["stream"])
PARKED = Gauge("madrina_outbox_parked", "Stored events that the broker refused for good")
AGAIN = Gauge("madrina_outbox_again", "Events to be published once more, because their stream has forgotten them")
UNKNOWN = Gauge("madrina_outbox_unknown", "Events that a stream holds and this database doesn't know")
HANDLED = Counter("madrina_handled_events", "Events handled")
RETRIED = Counter("madrina_retried_events", "Events to be tried again", ["why"])
DEAD = Counter("madrina_dead_letters", "Events that became dead letters", ["reason"])
TIMER_FAILED = Counter("madrina_timer_failed", "Runs of a timer, or single rows of one, that raised", ["timer"])
OPEN_DEAD_LETTERS = Gauge("madrina_open_dead_letters", "Dead letters that nobody has resolved")
