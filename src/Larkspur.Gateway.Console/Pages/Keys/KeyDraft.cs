using Larkspur.Gateway.Api.Keys;

namespace Larkspur.Gateway.Console.Pages.Keys;

/// <summary>A new key as it stands in the form.</summary>
internal sealed class KeyDraft
{
    public string Name { get; set; } = "";

    public HashSet<string> Scopes { get; } = new(StringComparer.Ordinal);

    public int PerMinute { get; set; } = ApiKeys.NormalPerMinute;

    /// <summary>0: it does not end by itself.</summary>
    public int Days { get; set; } = 365;
}
