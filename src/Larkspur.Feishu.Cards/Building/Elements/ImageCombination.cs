using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>Several pictures as one.</summary>
/// <param name="Mode">Arrangement.</param>
/// <param name="ImageKeys">Keys of the uploads: at most 2, 3, 6 or 9 by arrangement.</param>
public sealed record ImageCombination(CombinationMode Mode, IReadOnlyList<string> ImageKeys) : CardElement
{
    /// <summary>No grey ground under transparent pictures.</summary>
    public bool? Transparent { get; init; }

    /// <summary>Roundness in pixels, 0 and more.</summary>
    public int? CornerRadius { get; init => field = Guard.Between(value, 0, int.MaxValue, "CornerRadius"); }

    private protected override ReadOnlySpan<byte> Tag => "img_combination"u8;

    private protected override void WriteProperties(CardWriter w)
    {
        w.Bool("combination_transparent"u8, Transparent);
        WriteImages(w);
    }

    private void WriteImages(CardWriter w)
    {
        var most = Mode switch { CombinationMode.Double => 2, CombinationMode.Triple => 3, CombinationMode.Bisect => 6, _ => 9 };
        if (Guard.Some(ImageKeys, "The list of pictures").Count > most) throw new ArgumentException($"A combination in mode {Mode} takes {most} pictures, not {ImageKeys.Count}; use another mode or several combinations.");
        w.Enum("combination_mode"u8, (CombinationMode?)Mode);
        if (CornerRadius is { } radius) w.Json.WriteString("corner_radius"u8, $"{radius}px");
        w.Json.WriteStartArray("img_list"u8);
        foreach (var key in ImageKeys)
        {
            w.Json.WriteStartObject();
            w.Json.WriteString("img_key"u8, Guard.ImageKey(key));
            w.Json.WriteEndObject();
        }

        w.Json.WriteEndArray();
    }
}
