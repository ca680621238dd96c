using System.Collections.Frozen;
using Larkspur.Feishu;
using Larkspur.Feishu.Events;

namespace Larkspur.Gateway.Doctor;

/// <summary>From what is called to the scopes that must be granted, and those that need not be: the least privilege, by the catalogue.</summary>
internal static class ScopePlan
{
    /// <summary>With more alternatives than this the choice is made one need after the other instead of among all combinations.</summary>
    private const int MostCombined = 16;

    private static readonly Lazy<FrozenDictionary<string, FeishuCatalogueEntry>> Entries =
        new(() => FeishuCatalogue.All.ToFrozenDictionary(e => e.Endpoint.Id, StringComparer.Ordinal));

    private static readonly Lazy<FrozenDictionary<string, int>> Opened = new(() => FeishuCatalogue.All.SelectMany(e => e.Scopes)
        .GroupBy(s => s, StringComparer.Ordinal).ToFrozenDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal));

    /// <exception cref="KeyNotFoundException">The catalogue has no such endpoint.</exception>
    public static FeishuCatalogueEntry Entry(string endpoint) => Entries.Value[endpoint];

    public static IReadOnlyList<string> EventScopes(string eventType) => FeishuEvents.All.FirstOrDefault(e => e.EventType == eventType)?.Scopes ?? [];

    /// <summary>How many endpoints a scope opens: the fewer, the less is given away.</summary>
    public static int Breadth(string scope) => Opened.Value.GetValueOrDefault(scope, 1);

    /// <summary>The fewest scopes that meet all needs, and of equally few those that open the least else. What cannot be met is passed over.</summary>
    /// <param name="needs">What must be open.</param>
    /// <param name="from">Only these scopes may be chosen; null: any.</param>
    public static IReadOnlyList<string> Least(IEnumerable<ScopeNeed> needs, IReadOnlySet<string>? from = null)
    {
        string[][] open = [.. needs.Select(n => n.AnyOf.Where(s => from is null || from.Contains(s)).ToArray()).Where(s => s.Length > 0)];
        string[] candidates = [.. open.SelectMany(s => s).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        return candidates.Length <= MostCombined ? Exact(open, candidates) : Greedy(open);
    }

    /// <summary>A scope in the catalogue's spelling: the platform's documentation shows a name without its first part (<c>user.phone:readonly</c>), so such a one is completed (UNVERIFIED).</summary>
    public static string Spelled(string name) => Opened.Value.ContainsKey(name) || !name.Contains('.', StringComparison.Ordinal) ? name
        : Opened.Value.Keys.Where(k => k.EndsWith(":" + name, StringComparison.Ordinal)).Take(2).ToArray() is [var only] ? only : name;

    private static string[] Exact(string[][] open, string[] candidates)
    {
        (int Count, int Breadth, int Choice) best = (int.MaxValue, int.MaxValue, 0);
        var masks = open.Select(s => s.Aggregate(0, (mask, scope) => mask | (1 << Array.IndexOf(candidates, scope)))).Distinct().ToArray();
        for (var choice = 0; choice < 1 << candidates.Length; choice++)
        {
            var count = System.Numerics.BitOperations.PopCount((uint)choice);
            if (count > best.Count || masks.Any(m => (m & choice) == 0)) continue;
            var breadth = Chosen(choice, candidates).Sum(Breadth);
            if ((count, breadth).CompareTo((best.Count, best.Breadth)) < 0) best = (count, breadth, choice);
        }

        return [.. Chosen(best.Choice, candidates)];
    }

    private static string[] Greedy(string[][] open)
    {
        var chosen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var need in open.OrderBy(s => s.Length))
        {
            if (!need.Any(chosen.Contains)) chosen.Add(need.MinBy(s => (Breadth(s), s))!);
        }

        return [.. chosen.Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Chosen(int choice, string[] candidates) => candidates.Where((_, i) => (choice & (1 << i)) != 0);
}
