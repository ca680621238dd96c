using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Console.Pages.Syncs;

/// <summary>Which field of a table a column most likely is: one that is called the same and can hold the same.</summary>
internal static class FieldMatch
{
    public static FieldDraft Of(SideColumn column, IReadOnlyList<SideColumn> table)
    {
        var names = NamesOf(column.Name);
        var fits = table.Where(field => KindsOf(field, column).Length > 0 && NamesOf(field.Name).Overlaps(names)).ToList();
        return new FieldDraft(column) { Field = fits is [var only] ? only.Id : "", IsKey = column.IsKey };
    }

    /// <summary>What the values of both can be taken for.</summary>
    public static ValueKind[] KindsOf(SideColumn field, SideColumn column) => [.. field.Kinds.Where(column.Kinds.Contains)];

    /// <summary>The name without case and signs; of one in two scripts (订单号 Order no) each part too.</summary>
    private static HashSet<string> NamesOf(string name)
    {
        string[] parts = [Letters(name, static _ => true), Letters(name, char.IsAscii), Letters(name, static c => !char.IsAscii(c))];
        return [.. parts.Where(part => part.Length > 0)];
    }

    private static string Letters(string name, Func<char, bool> isPart) =>
        string.Concat(name.Where(c => char.IsLetterOrDigit(c) && isPart(c)).Select(char.ToLowerInvariant));
}
