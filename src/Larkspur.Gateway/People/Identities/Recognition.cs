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
    public static async ValueTask<Recognition> OfAsync(ISql sql, PlatformAccount told)
    {
        Holder? first = null;
        var (news, folded, others) = (new List<PlatformIdentity>(), new HashSet<long>(), new List<(PlatformIdentity, string)>());
        foreach (var id in told.Ids)
        {
            if (await PersonRows.HolderAsync(sql, id) is not { } holder) news.Add(id);
            else if ((first ??= holder).Person != holder.Person) others.Add((id, holder.Person));
            else if (holder.Account != first.Account) folded.Add(holder.Account);
        }

        var person = first is null ? null : await PersonRows.FindAsync(sql, first.Person);
        return new Recognition(person, person?.Accounts.FirstOrDefault(a => a.Id == first!.Account), news, [.. folded], others);
    }
}
