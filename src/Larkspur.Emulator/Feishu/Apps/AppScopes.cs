using System.Runtime.CompilerServices;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>The scopes that the platform knows: those that open an endpoint of the catalogue.</summary>
internal static class AppScopes
{
    private static readonly ConditionalWeakTable<EndpointCatalogue, string[]> Known = [];

    /// <summary>In ordinal order.</summary>
    public static IReadOnlyList<string> All(EndpointCatalogue catalogue) =>
        Known.GetValue(catalogue, static c => [.. c.Endpoints.SelectMany(e => e.Scopes).Distinct().Order(StringComparer.Ordinal)]);
}
