"""Their introductions: some went well, some wait for somebody, some came to nothing."""

from deploy.local.community.made import MADE
from deploy.local.community.over import OVER
from deploy.local.community.waiting import WAITING
from deploy.local.community.went_well import WENT_WELL

INTRODUCTIONS = (*WENT_WELL, *OVER, *MADE, *WAITING)
