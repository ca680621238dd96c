using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People;

/// <summary>
/// Events that say that people came, left or moved, or that the app sees others of them than before: members of departments and roles are read anew, in every process.
/// The events are subscribed for their own sake or not at all; without them what is remembered ends after <see cref="MemberCache.KeepFor"/>.
/// </summary>
internal sealed class MembershipEvents(MemberCache members)
{
    /// <summary>The platform has none about functional roles.</summary>
    public static readonly string[] Types =
    [
        "contact.user.created_v3", "contact.user.updated_v3", "contact.user.deleted_v3",
        "contact.department.created_v3", "contact.department.updated_v3", "contact.department.deleted_v3", "contact.scope.updated_v3",
    ];

    public ValueTask<Reaction> HandleAsync(EventContext context, CancellationToken cancellation) => ValueTask.FromResult(new Reaction(effects =>
    {
        effects.Unit.AfterCommit(members.Forget);
        effects.Unit.Announce(Topics.Members, 0);
        return ValueTask.FromResult(Outcome.Answered);
    }));
}
