"""What the directory takes part in."""

from services.members.directory import store
from shared.messaging.feature import UNTIL_ERASED, Feature, Retained, Timer

FEATURE = Feature(
    "directory",
    timers=(Timer("searches.clean", 1800, store.clean),),
    on_erase=store.forget,
    tables=("directory_members", "directory_entries", "searches"),
    export=store.export,
    retain=(
        Retained(
            "the words by which she is found", "so that members find her, if she allows it", UNTIL_ERASED, "nobody; she, in her export"
        ),
        Retained("when she looked for somebody", "so that nobody reads through the directory", store.KEPT, "she, in her export"),
    ),
)
