namespace Larkspur.Feishu.Messaging;

/// <summary>Mentions stand in received texts as <c>@_user_1</c>, everybody as <c>@_all</c>.</summary>
internal static class ReceivedMentions
{
    public const string All = "@_all";

    public static string WithNames(string text, IReadOnlyList<MessageMention> mentions)
    {
        foreach (MessageMention mention in mentions)
        {
            if (mention.Key.Length > 0) text = Replace(text, mention.Key, "@" + (mention.Name.Length > 0 ? mention.Name : mention.Id));
        }

        return text;
    }

    /// <summary>Replaces whole keys: <c>@_user_1</c> is not the beginning of <c>@_user_12</c>.</summary>
    public static string Replace(string text, string key, string by)
    {
        for (int at = text.IndexOf(key, StringComparison.Ordinal); at >= 0; at = text.IndexOf(key, at, StringComparison.Ordinal))
        {
            int end = at + key.Length;
            if (end < text.Length && char.IsAsciiDigit(text[end]))
            {
                at = end;
                continue;
            }

            text = string.Concat(text.AsSpan(0, at), by, text.AsSpan(end));
            at += by.Length;
        }

        return text;
    }
}
