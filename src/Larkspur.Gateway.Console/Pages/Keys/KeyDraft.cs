using Larkspur.Gateway.Api.Keys;

namespace Larkspur.Gateway.Console.Pages.Keys;

/// <summary>A key as it stands in the form, a new one or one that is changed.</summary>
public sealed class KeyDraft
{
    /// <summary>The end stays as it is.</summary>
    public const int Kept = -1;

    /// <summary>The key that is changed; null: it is a new one.</summary>
    public long? Id { get; init; }

    /// <summary>As it was when the form was opened: what was left as it was is not written again, since others may have changed
    /// it.</summary>
    internal ApiKeyRow? Before { get; init; }

    public string Name { get; set; } = "";

    public HashSet<string> Scopes { get; init; } = new(StringComparer.Ordinal);

    public int PerMinute { get; set; } = ApiKeys.NormalPerMinute;

    /// <summary>Days from now on; 0: it does not end by itself; <see cref="Kept"/>.</summary>
    public int Days { get; set; } = 365;

    /// <summary>Empty: its name.</summary>
    public string System { get; set; } = "";

    /// <summary>The person whose it is; null: nobody's, its system's alone.</summary>
    public string? Holder { get; set; }

    /// <summary>Lists with commas, blanks or lines between; empty: all apps, no issuers, every address.</summary>
    public string Apps { get; set; } = "";

    /// <inheritdoc cref="Apps"/>
    public string Issuers { get; set; } = "";

    /// <inheritdoc cref="Apps"/>
    public string Addresses { get; set; } = "";

    internal static KeyDraft Of(ApiKeyRow key) => new()
    {
        Id = key.Id, Before = key, Name = key.Name, Scopes = new(key.Scopes, StringComparer.Ordinal), PerMinute = key.PerMinute,
            Days = Kept,
            System = key.Reach.System, Holder = key.Holder,
        Apps = Text(key.Reach.Apps), Issuers = Text(key.Reach.Issuers), Addresses = Text(key.Reach.Addresses),
    };

    /// <summary>What was entered as a list; null: nothing.</summary>
    public static string[]? List(string text) =>
        text.Split([' ', ',', '，', '、', '\n', '\r', '\t'],
            StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) is { Length: > 0 } list ? list : null;

    private static string Text(IReadOnlyList<string>? list) => string.Join('\n', list ?? []);
}
