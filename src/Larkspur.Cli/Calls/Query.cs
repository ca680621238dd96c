namespace Larkspur.Cli.Calls;

/// <summary>The part of an address after its path.</summary>
internal static class Query
{
    /// <summary>With its question mark; empty where nothing is said.</summary>
    public static string Of(params (string Name, string? Value)[] members)
    {
        var said = members.Where(m => m.Value is not null).Select(m => $"{m.Name}={Uri.EscapeDataString(m.Value!)}").ToList();
        return said.Count == 0 ? "" : "?" + string.Join('&', said);
    }
}
