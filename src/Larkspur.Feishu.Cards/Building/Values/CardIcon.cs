using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>A small picture before a text: of the platform's library, or an uploaded one.</summary>
public sealed record CardIcon
{
    private CardIcon()
    {
    }

    /// <summary>Name in the platform's library.</summary>
    public string? Token { get; private init; }

    /// <summary>Colour of a library icon.</summary>
    public CardColor? Color { get; private init; }

    /// <summary>Key of an uploaded image.</summary>
    public string? ImageKey { get; private init; }

    /// <summary>An icon of the library, for example <c>chat_outlined</c>.</summary>
    public static CardIcon Standard(string token, CardColor? color = null) => new() { Token = Guard.NotEmpty(token, "The icon's token"), Color = color };

    /// <summary>An uploaded image.</summary>
    public static CardIcon Custom(string imageKey) => new() { ImageKey = Guard.ImageKey(imageKey) };

    internal void Write(CardWriter writer, ReadOnlySpan<byte> name, string? size = null)
    {
        writer.Json.WritePropertyName(name);
        writer.Begin(ImageKey is null ? "standard_icon"u8 : "custom_icon"u8);
        writer.String("token"u8, Token);
        writer.String("color"u8, Color?.Name);
        writer.String("img_key"u8, ImageKey);
        writer.String("size"u8, size);
        writer.End();
    }
}
