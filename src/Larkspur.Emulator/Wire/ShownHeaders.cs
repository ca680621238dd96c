using System.Collections.Immutable;

namespace Larkspur.Emulator.Wire;

/// <summary>Headers of a request as the inspector keeps them: of a bearer token its kind and beginning, of other secrets nothing.</summary>
internal static class ShownHeaders
{
    private static readonly string[] Secret = ["Cookie", "x-acs-dingtalk-access-token"];

    public static ImmutableArray<KeyValuePair<string, string>> Of(IHeaderDictionary headers) =>
        [.. headers.Where(h => !h.Key.StartsWith(':')).Select(h => KeyValuePair.Create(h.Key, Shown(h.Key, h.Value.ToString())))];

    private static string Shown(string name, string value) =>
        name.Equals("Authorization", StringComparison.OrdinalIgnoreCase) ? (value.Length > 9 ? value[..9] + "…[redacted]" : "[redacted]")
        : Secret.Contains(name, StringComparer.OrdinalIgnoreCase) ? "[redacted]"
        : value;
}
