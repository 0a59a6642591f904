"""What scores take part in."""

from services.reputation.scores.commands import erase
from services.reputation.scores.handlers import handlers
from services.reputation.scores.timers import TIMERS
from shared.messaging.feature import Feature

FEATURE = Feature("scores", handlers=handlers, timers=TIMERS, on_erase=erase, tables=("voices", "sums", "bands"))
