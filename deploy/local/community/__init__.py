"""The demo community: twenty-two women, how they know each other, and sixty days of introductions between them."""

from deploy.local.community.fill import Unfinished, fill_once
from deploy.local.community.people import SIGN_IN_AS

__all__ = ["SIGN_IN_AS", "Unfinished", "fill_once"]
