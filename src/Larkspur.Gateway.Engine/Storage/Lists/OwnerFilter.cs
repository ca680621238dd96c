namespace Larkspur.Gateway.Storage.Lists;

/// <summary>Which rows a caller sees in lists: those of a system, and of some apps.</summary>
/// <param name="Owner">The system; null: all.</param>
/// <param name="Apps">Names of apps; null: all.</param>
internal sealed record OwnerFilter(string? Owner, IReadOnlyList<string>? Apps)
{
    /// <summary>Everything.</summary>
    public static OwnerFilter All { get; } = new(null, null);

    /// <summary>A row of this owner and app is seen.</summary>
    public bool Shows(string owner, string app) => (Owner is null || Owner == owner) && (Apps is null || Apps.Contains(app, StringComparer.Ordinal));

    /// <summary>The condition, to be put behind others: <c> AND owner = $5 AND app IN ($6, $7)</c>; empty: none.</summary>
    /// <param name="values">The statement's values; the condition's are added.</param>
    public string And(List<object?> values)
    {
        var text = "";
        if (Owner is not null) text += $" AND owner = {Place(values, Owner)}";
        if (Apps is { Count: 0 }) text += " AND 1 = 0";
        else if (Apps is not null) text += $" AND app IN ({string.Join(", ", Apps.Select(app => Place(values, app)))})";
        return text;
    }

    private static string Place(List<object?> values, string value)
    {
        values.Add(value);
        return "$" + values.Count.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }
}
