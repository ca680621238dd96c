using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Directory.Sync;

/// <summary>A platform whose lasting id may change once says so by an event: the member stays who they are.</summary>
internal static class MemberRenaming
{
    /// <param name="unit">The event's transaction.</param>
    /// <param name="before">The id until now.</param>
    /// <param name="now">The id from now on.</param>
    public static async ValueTask RenameAsync(IUnitOfWork unit, PlatformIdentity before, PlatformIdentity now)
    {
        if (before.Compared == now.Compared) return;
        await PersonRows.LockAsync(unit);
        // Whoever has the new id already was told of before this event: then there is nothing to move.
        if (await PersonRows.HolderAsync(unit, now) is not null || await PersonRows.HolderAsync(unit, before) is not { } holder) return;
        await unit.ExecuteAsync("UPDATE person_identity SET compared = $5, value = $6 WHERE platform = $1 AND scope = $2 AND"
            + " kind = $3 AND compared = $4",
            before.Platform, before.Scope, before.Kind, before.Compared, now.Compared, now.Value);
        await unit.ExecuteAsync("""
            UPDATE directory_member SET member_key = $2, user_id = $3, hash = '' WHERE account = $1 AND member_key = $4
              AND NOT EXISTS (SELECT 1 FROM directory_member o WHERE o.directory = directory_member.directory AND o.member_key = $2)
            """, holder.Account, now.Compared, now.Value, before.Compared);
    }
}
