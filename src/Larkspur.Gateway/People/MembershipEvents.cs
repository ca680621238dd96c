using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.People;

/// <summary>
/// A platform said that people came, left or moved: members of departments and roles are read anew, in every process. Such events are
/// subscribed for their own sake or not at all; without them what is remembered ends after <see cref="MemberCache.KeepFor"/>.
/// </summary>
internal sealed class MembershipEvents(MemberCache members)
{
    public void Moved(IUnitOfWork unit)
    {
        unit.AfterCommit(members.Forget);
        unit.Announce(Topics.Members, 0);
    }
}
