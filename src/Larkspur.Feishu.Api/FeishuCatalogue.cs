namespace Larkspur.Feishu;

/// <summary>Every catalogued endpoint. Made on first use: about 1,800 small objects.</summary>
public static partial class FeishuCatalogue
{
    private static readonly Lazy<IReadOnlyList<FeishuCatalogueEntry>> Entries = new(() => Array.AsReadOnly(Parts().SelectMany(part => part).ToArray()));

    /// <summary>The endpoints, in the order of services and versions.</summary>
    public static IReadOnlyList<FeishuCatalogueEntry> All => Entries.Value;
}

/// <summary>One endpoint and what the catalogue says beyond what a call needs.</summary>
/// <param name="Endpoint">The endpoint.</param>
/// <param name="Call">How it is called, e.g. <c>Im.V1.Message.CreateAsync</c>.</param>
/// <param name="ScopeText">The scopes, separated by blanks.</param>
/// <param name="IsDeprecated">The platform documents it as historic.</param>
/// <param name="IsInReference">False: known from another source than the platform's reference; unverified.</param>
public sealed record FeishuCatalogueEntry(FeishuEndpoint Endpoint, string Call, string ScopeText, bool IsDeprecated, bool IsInReference)
{
    /// <summary>Scopes of which any one opens the endpoint; empty when it needs none, or none is documented.</summary>
    public IReadOnlyList<string> Scopes => ScopeText.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
