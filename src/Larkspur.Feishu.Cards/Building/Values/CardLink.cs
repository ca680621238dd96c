using Larkspur.Feishu.Cards.Building;

namespace Larkspur.Feishu.Cards;

/// <summary>An address, with others for some clients.</summary>
/// <param name="Url">For clients that have none of their own.</param>
public sealed record CardLink(string Url)
{
    /// <summary>On computers.</summary>
    public string? Pc { get; init; }

    /// <summary>On iOS.</summary>
    public string? Ios { get; init; }

    /// <summary>On Android.</summary>
    public string? Android { get; init; }

    /// <summary>One address for all.</summary>
    public static implicit operator CardLink(string url) => new(url);

    internal void Write(CardWriter w, ReadOnlySpan<byte> name)
    {
        w.Json.WriteStartObject(name);
        w.Json.WriteString("url"u8, Guard.Url(Url, "The link"));
        w.String("pc_url"u8, Guard.OptionalUrl(Pc, "The link for computers"));
        w.String("ios_url"u8, Guard.OptionalUrl(Ios, "The link for iOS"));
        w.String("android_url"u8, Guard.OptionalUrl(Android, "The link for Android"));
        w.Json.WriteEndObject();
    }

    internal void WriteAction(CardWriter w)
    {
        w.Json.WriteStartObject("action"u8);
        Write(w, "multi_url"u8);
        w.Json.WriteEndObject();
    }
}
