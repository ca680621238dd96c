using System.Text.Json;

namespace Larkspur.Feishu.Cards.Validation;

/// <summary>A change that a rule proposes for the place of its finding.</summary>
/// <param name="Name">The member's new name; null: it stays.</param>
/// <param name="Json">The new value; null: it stays. Without both the member goes.</param>
/// <param name="Member">The rest of a pointer: a member below the place, which is added.</param>
/// <param name="IsWhole">The value takes the place of the whole text.</param>
internal sealed record CardEdit(string? Name, string? Json, string? Member = null, bool IsWhole = false)
{
    public static CardEdit Remove { get; } = new(null, null);

    public static CardEdit Rename(string name) => new(name, null);

    public static CardEdit Value(string json) => new(null, json);

    public static CardEdit Text(string text) => new(null, Quoted(text));

    /// <summary>Null where nothing is near.</summary>
    public static CardEdit? Near(string? text) => text is null ? null : Text(text);

    public static CardEdit Add(string member, string json) => new(null, json, member);

    public static CardEdit Whole(string json) => new(null, json, IsWhole: true);

    public static string Quoted(string text) => JsonSerializer.Serialize(text, CardJson.Relaxed);

    public CardQuickFix At(string pointer) =>
        new(IsWhole ? "" : Member is null ? pointer : $"{pointer}/{Member}", Name, Json);
}
