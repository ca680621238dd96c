using Larkspur.Gateway.Common.Text;

namespace Larkspur.Gateway.Common.Localisation;

/// <summary>Languages that the bot speaks.</summary>
internal enum Language
{
    English,
    Chinese,
}

/// <summary>Tells languages apart by what people write: Feishu's directory has no locale field.</summary>
internal static class Languages
{
    /// <summary>The language of a text, or null when it has no letters of either (a bare command has none of its own).</summary>
    public static Language? Of(ReadOnlySpan<char> text)
    {
        var latin = false;
        foreach (var c in text)
        {
            if (c is >= '\u4e00' and <= '\u9fff' or >= '\u3400' and <= '\u4dbf') return Language.Chinese;
            latin |= char.IsAsciiLetter(c);
        }

        return latin ? Language.English : null;
    }

    /// <summary>The language in which somebody spoke to a bot: a command's Latin name says nothing about it; a Chinese one does, and so do the words behind it.</summary>
    /// <param name="text">What was said; null: nothing that can be read.</param>
    /// <param name="command">The same, taken apart; null: it is no command.</param>
    public static Language? SpokenIn(string? text, SlashCommand? command)
    {
        if (command is null) return text is null ? null : Of(text);
        return Of(command.Name) == Language.Chinese ? Language.Chinese : Of(command.Rest);
    }

    /// <summary>As stored and as Feishu names it.</summary>
    public static string Tag(this Language language) => language == Language.Chinese ? "zh_cn" : "en_us";

    /// <summary>The text in a language.</summary>
    public static string In(this LocalText text, Language language) => language == Language.Chinese ? text.Chinese : text.English;

    /// <summary>From a stored tag.</summary>
    public static Language? FromTag(string? tag) => tag switch
    {
        "zh_cn" => Language.Chinese,
        "en_us" => Language.English,
        _ => null,
    };
}
