"""Which service hears which events. Consumers, broker rights and docs/events.md follow from this table."""

from shared.contracts.events import members, members_private, notify, reputation, requests
from shared.contracts.events.base import Event, MemberEvent

_OF_MEMBERS: tuple[type[Event], ...] = (
    members.MemberJoined,
    members.ProfileChanged,
    members.MemberBlocked,
    members.MemberUnblocked,
    members.MemberSuspended,
    members.MemberReinstated,
    members.MemberErased,
)

ERASURE_DONE: dict[str, type[MemberEvent]] = {
    kind.publisher: kind for kind in (requests.ErasedFromRequests, reputation.ErasedFromReputation, notify.ErasedFromNotify)
}
"""How each service tells members that it has done its part of an erasure."""

HEARS: dict[str, tuple[type[Event], ...]] = {
    "members": (
        requests.IntroductionConfirmed,
        requests.MisconductReported,
        requests.QuestionReported,
        requests.MonthCounted,
        reputation.CirclesRead,
        *ERASURE_DONE.values(),
    ),
    "requests": (*_OF_MEMBERS, members.MemberGrouped, members.MemberLimited, members.MemberRemoved, reputation.BandChanged),
    "reputation": (
        *_OF_MEMBERS,
        members.MemberPlaced,
        members.ReportUpheld,
        requests.IntroductionVouched,
        requests.VouchWithdrawn,
        requests.IntroductionConfirmed,
        requests.OutcomesRevealed,
    ),
    "notify": (
        members.AddressSet,
        members.SignInCodeIssued,
        members_private.ExportReady,
        members.CommunityChanged,
        members_private.SignedInFromNewDevice,
        members_private.SponsoredSanctioned,
        members_private.LeavingAsked,
        members_private.LeavingUndone,
        members_private.AccountAsleep,
        members_private.AccountErased,
        members_private.ModerationNoticed,
        members_private.NoticeAnswered,
        members_private.InvitationSent,
        members_private.JoinRequested,
        members_private.JoinWaits,
        members_private.JoinAnswered,
        members_private.NewAddressNamed,
        members_private.AddressChangeAsked,
        members_private.AddressChanged,
        *_OF_MEMBERS,
        requests.ConnectionRequested,
        requests.ConnectionQuestionAsked,
        requests.ConnectionQuestionAnswered,
        requests.ConnectionAccepted,
        requests.ConnectionClosed,
        requests.RequestsRestricted,
        requests.RemovalTold,
        requests.IntroductionAsked,
        requests.IntroductionVouched,
        requests.CorrectionAsked,
        requests.WordsCorrected,
        requests.VouchWithdrawn,
        requests.IntroductionClosed,
        requests.IntroductionConfirmed,
        requests.OutcomesRevealed,
        requests.SidesConnected,
        requests.NeedAsked,
        requests.NeedClosed,
        requests.RemindersDue,
    ),
}
