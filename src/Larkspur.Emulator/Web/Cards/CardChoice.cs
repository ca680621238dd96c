using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>An option of a select, single or multiple, of things or of people.</summary>
public readonly record struct CardChoice(string Value, string Text)
{
    /// <summary>Person pickers without options offer the members of the chat; their option values are ids.</summary>
    public static IReadOnlyList<CardChoice> Of(JsonElement select, CardScene scene)
    {
        var people = select.Text("tag") is "select_person" or "multi_select_person";
        var options = select.Items("options").Where(static o => o.At("value").Exists).Take(500).ToArray();
        if (!people) return [.. options.Select(o => new CardChoice(o.Text("value") ?? "", scene.TextOf(o.At("text"))))];
        if (options.Length == 0) return [.. scene.Members.Select(static p => new CardChoice(p.Id, p.Name))];
        return [.. options.Select(o => new CardChoice(o.Text("value") ?? "", scene.Find(o.Text("value") ?? "")?.Name ?? scene.Texts.UnknownPerson))];
    }
}
