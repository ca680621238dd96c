namespace Larkspur.Gateway.Common.Text;

/// <summary>A command as people write it to a bot: <c>/name the rest</c>.</summary>
/// <param name="Name">Without slash, as it was written.</param>
/// <param name="Rest">The words behind it, trimmed; empty: none.</param>
internal sealed record SlashCommand(string Name, string Rest)
{
    /// <summary>Takes a text apart. Channels do it once, when a message arrives.</summary>
    /// <returns>Null: it is no command.</returns>
    public static SlashCommand? Of(string? text)
    {
        // Chinese keyboards give a full-width slash.
        if (text is not ['/' or '／', var first, ..] || char.IsWhiteSpace(first)) return null;
        var end = text.AsSpan().IndexOfAny(" \t\r\n");
        return end < 0 ? new SlashCommand(text[1..], "") : new SlashCommand(text[1..end], text[end..].Trim());
    }
}
