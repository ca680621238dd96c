using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.People.Handover;

/// <summary>What stands open for a person, of all kinds.</summary>
/// <param name="database">Where most of it is.</param>
/// <param name="parts">Who knows of a kind. Asked for late: they may need people themselves.</param>
/// <param name="platforms">Platforms that are asked.</param>
internal sealed class HandoverList(IDatabase database, Lazy<IHandoverPart[]> parts, Lazy<IHandoverPlatform[]> platforms)
{
    /// <summary>How many there are of each kind that the gateway knows itself; kinds without any are absent.</summary>
    public async ValueTask<IReadOnlyDictionary<string, int>> CountAsync(ISql sql, string person)
    {
        var counts = new SortedDictionary<string, int>(StringComparer.Ordinal);
        if (await PersonRows.FindAsync(sql, person) is not { } known) return counts;
        foreach (var part in parts.Value)
        {
            foreach (var item in await part.OfAsync(sql, known)) counts[item.Kind] = counts.GetValueOrDefault(item.Kind) + 1;
        }

        return counts;
    }

    /// <summary>What a caller may see of it.</summary>
    public async Task<HandoverView> ReadAsync(KnownPerson person, KeyGrant by, CancellationToken cancellation)
    {
        var found = new List<HandoverItem>();
        foreach (var part in parts.Value)
            found.AddRange(await database.ReadAsync(sql => part.OfAsync(sql, person), cancellation));
        var unknown = new List<HandoverUnknownView>();
        // What a platform tells is no single system's.
        var asked = platforms.Value.Where(p => by.Has(p.Scope) && by.ReadsAll && person.Accounts.Any(a => a.Platform == p.Platform));
        foreach (var platform in asked)
        {
            try
            {
                found.AddRange(await platform.OfAsync(person, by.MayUse, cancellation));
            }
            catch (HandoverUnknownException e)
            {
                unknown.Add(new HandoverUnknownView(platform.Platform, e.Message));
            }
        }

        var seen = found.Where(i => by.Has(i.Scope) && by.MayRead(i.Owner) && (i.App is null || by.MayUse(i.App)))
            .OrderBy(i => Array.IndexOf(HandoverKinds.All, i.Kind)).ThenByDescending(i => i.Since);
        return new HandoverView([.. seen.Select(HandoverItemView.Of)], unknown);
    }
}
