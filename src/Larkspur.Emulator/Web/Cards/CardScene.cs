using System.Text.Json;

namespace Larkspur.Emulator.Web.Cards;

/// <summary>Somebody a card can name or offer in a person picker.</summary>
/// <param name="Id">The id by which the card names them, or that a picker reports.</param>
/// <param name="Key">The same for one person however named: picks the colour of the avatar.</param>
public sealed record CardPerson(string Id, string Name, string Key);

/// <summary>Who looks at a card and what the card may look up about people, images and times.</summary>
public sealed record CardScene
{
    public required Texts Texts { get; init; }

    /// <summary>Platform locale of the viewer, <c>zh_cn</c> or <c>en_us</c>: picks the i18n fields of the card.</summary>
    public string Locale => Texts.CardLocale;

    /// <summary>Finds a person or bot by any of its ids, or by mail address.</summary>
    public required Func<string, CardPerson?> Find { get; init; }

    /// <summary>People in the chat: what a person picker without options offers.</summary>
    public required IReadOnlyList<CardPerson> Members { get; init; }

    /// <summary>Address of an uploaded image, or null when the key is unknown.</summary>
    public required Func<string, string?> Image { get; init; }

    /// <summary>Milliseconds of an uploaded voice clip, when it is known.</summary>
    public Func<string, int?> Duration { get; init; } = static _ => null;

    /// <summary>Local time of the viewer for <c>local_datetime</c> and date columns.</summary>
    public TimeSpan UtcOffset { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Names of sizes and colours that the card defined for itself in <c>config.style</c>.</summary>
    public JsonElement Style { get; init; }

    /// <summary>JSON 2.0 cards act only through behaviors; 1.0 cards act by having a control.</summary>
    public bool SecondSchema { get; init; }

    /// <summary>The card's text is being streamed: at which pace the client types it.</summary>
    public TypingPace? Typing { get; init; }

    /// <summary>The text of a text object in the viewer's language: 2.0 says i18n_content, 1.0 says i18n.</summary>
    public string TextOf(JsonElement text) =>
        text.At("i18n_content").Text(Locale) ?? text.At("i18n").Text(Locale) ?? text.Text("content") ?? text.AsText() ?? "";

    public string? ImageKeyOf(JsonElement holder) => holder.At("i18n_img_key").Text(Locale) ?? holder.Text("img_key");
}

/// <summary><c>streaming_config</c>: so many letters every so many milliseconds.</summary>
/// <param name="Waits">Strategy <c>delay</c>: text that is still being typed is finished first; with <c>fast</c> it appears at once when more comes.</param>
public sealed record TypingPace(int Milliseconds, int Letters, bool Waits)
{
    /// <returns><see langword="null"/> when the card is not in streaming mode.</returns>
    public static TypingPace? Of(JsonElement config)
    {
        if (!config.Flag("streaming_mode")) return null;
        var asked = config.At("streaming_config");
        int Pick(string name, int otherwise, int most) => Math.Clamp(asked.At(name).Number("pc") ?? asked.At(name).Number("default") ?? otherwise, 1, most);
        return new TypingPace(Pick("print_frequency_ms", 70, 2000), Pick("print_step", 1, 1000), asked.Text("print_strategy") == "delay");
    }
}

/// <summary>Where an element stands: its pointer in the card, the form around it, and how deep it is.</summary>
public readonly record struct CardPlace(string Pointer, string? Form = null, int Depth = 0)
{
    /// <summary>The platform allows five levels of nesting; what is nested absurdly deep is not drawn.</summary>
    public const int Deepest = 16;

    public CardPlace Into(string member, int index) => this with { Pointer = $"{Pointer}/{member}/{index}", Depth = Depth + 1 };

    public CardPlace At(int index) => this with { Pointer = $"{Pointer}/{index}", Depth = Depth + 1 };

    public CardPlace Into(string member) => this with { Pointer = $"{Pointer}/{member}", Depth = Depth + 1 };
}
