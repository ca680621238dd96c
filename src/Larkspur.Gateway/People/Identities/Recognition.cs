using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Identities;

/// <summary>What is known of an account's ids.</summary>
/// <param name="Person">Whose the first known id is; null: none is known.</param>
/// <param name="Account">Which of their accounts has it.</param>
/// <param name="New">Ids that nobody has.</param>
/// <param name="Folded">Other accounts of that person that have some of the ids: they are this one.</param>
/// <param name="Others">Ids that other people have.</param>
internal sealed record Recognition(KnownPerson? Person, KnownAccount? Account, IReadOnlyList<PlatformIdentity> New, IReadOnlyList<long> Folded, IReadOnlyList<(PlatformIdentity Id, string Person)> Others)
{
    /// <summary>Ids that were somebody else's and are this one's now: the platform gave them away.</summary>
    public IReadOnlyList<PlatformIdentity> Moved { get; init; } = [];

    public static async ValueTask<Recognition> OfAsync(ISql sql, PlatformAccount told)
    {
        Holder? first = null;
        var (news, folded, others, moved) = (new List<PlatformIdentity>(), new HashSet<long>(), new List<(PlatformIdentity, string)>(),
            new List<PlatformIdentity>());
        // By what lasts first: an id that was given to somebody else finds its former owner.
        foreach (var id in told.Ids.OrderBy(i => i.IsReassignable))
        {
            if (await PersonRows.HolderAsync(sql, id) is not { } holder) news.Add(id);
            else if (id.IsReassignable && holder.Account != first?.Account && await IsAnotherAsync(sql, holder.Account, told))
            {
                news.Add(id);
                moved.Add(id);
            }
            else if ((first ??= holder).Person != holder.Person) others.Add((id, holder.Person));
            else if (holder.Account != first.Account) folded.Add(holder.Account);
        }

        var person = first is null ? null : await PersonRows.FindAsync(sql, first.Person);
        return new Recognition(person, person?.Accounts.FirstOrDefault(a => a.Id == first!.Account), news, [.. folded],
            others) { Moved = moved };
    }

    /// <summary>An account has another id that lasts, of a kind that this one is told with: it is somebody else's.</summary>
    private static async ValueTask<bool> IsAnotherAsync(ISql sql, long account, PlatformAccount told)
    {
        foreach (var id in told.Ids.Where(i => !i.IsReassignable))
        {
            if (await sql.NumberAsync("SELECT 1 FROM person_identity WHERE account = $1 AND platform = $2 AND scope = $3 AND"
                + " kind = $4 AND compared <> $5 LIMIT 1",
                account, id.Platform, id.Scope, id.Kind, id.Compared) is not null) return true;
        }

        return false;
    }
}
