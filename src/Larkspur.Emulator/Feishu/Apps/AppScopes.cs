using System.Runtime.CompilerServices;
using Larkspur.Emulator.Feishu.Catalogue;

namespace Larkspur.Emulator.Feishu.Apps;

/// <summary>The scopes that the platform knows: those that open an endpoint of the catalogue.</summary>
internal static class AppScopes
{
    private static readonly ConditionalWeakTable<EndpointCatalogue, string[]> Known = [];

    /// <summary>Such as open a field, or let an app keep a person signed in, and no endpoint.</summary>
    private static readonly string[] OfSignIn =
        ["offline_access", "contact:user.email:readonly", "contact:user.phone:readonly", "contact:user.employee_id:readonly",
            "contact:user.employee:readonly"];

    /// <summary>In ordinal order.</summary>
    public static IReadOnlyList<string> All(EndpointCatalogue catalogue) =>
        Known.GetValue(catalogue, static c =>
            [.. c.Endpoints.SelectMany(e => e.Scopes).Concat(OfSignIn).Distinct().Order(StringComparer.Ordinal)]);
}
