"""Ends show on full hours: a batch of them tells nobody which was a no and which was silence. Pure."""

from datetime import datetime, timedelta


def next_full_hour(at: datetime) -> datetime:
    """`at` if it is a full hour, else the next one."""
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour if hour == at else hour + timedelta(hours=1)
