"""Which service hears which events. Consumers, broker rights and docs/events.md follow from this table."""

from shared.contracts.events import members, members_private, reputation, requests
from shared.contracts.events.base import Event

_OF_MEMBERS: tuple[type[Event], ...] = (
    members.MemberJoined,
    members.ProfileChanged,
    members.MemberBlocked,
    members.MemberUnblocked,
    members.MemberSuspended,
    members.MemberReinstated,
    members.MemberErased,
)

HEARS: dict[str, tuple[type[Event], ...]] = {
    "members": (requests.IntroductionConfirmed, requests.MisconductReported, requests.QuestionReported, requests.MonthCounted),
    "requests": (*_OF_MEMBERS, members.MemberLimited, members.MemberRemoved, reputation.BandChanged),
    "reputation": (
        members.MemberJoined,
        members.ProfileChanged,
        members.MemberPlaced,
        members.MemberErased,
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
        members_private.JoinRequested,
        members_private.JoinWaits,
        members_private.JoinAnswered,
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
