using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A picture to choose.</summary>
/// <param name="ImageKey">Key of the upload, img_…</param>
/// <param name="Value">Comes back when it is chosen.</param>
public sealed record ImageChoice(string ImageKey, string? Value = null)
{
    /// <summary>It is shown and cannot be chosen.</summary>
    public bool? Disabled { get; init; }

    /// <summary>Shown under the pointer while it is disabled.</summary>
    public I18nText? DisabledTips { get; init; }

    /// <summary>Shown under the pointer.</summary>
    public I18nText? HoverTips { get; init; }

    internal void Write(CardWriter w)
    {
        w.Json.WriteStartObject();
        w.Json.WriteString("img_key"u8, Guard.ImageKey(ImageKey));
        w.String("value"u8, Value);
        w.Bool("disabled"u8, Disabled);
        w.Text("disabled_tips"u8, DisabledTips);
        w.Text("hover_tips"u8, HoverTips);
        w.Json.WriteEndObject();
    }
}
