using System.Text;

namespace Larkspur.Feishu.Messaging;

/// <summary>Mentions stand in received texts as <c>@_user_1</c>, everybody as <c>@_all</c>.</summary>
internal static class ReceivedMentions
{
    public const string All = "@_all";

    public static string WithNames(string text, IReadOnlyList<MessageMention> mentions) => Without(text, mentions, id: null);

    /// <summary>With everybody's name but one's, who is left out.</summary>
    public static string Without(string text, IReadOnlyList<MessageMention> mentions, string? id)
    {
        int at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || mentions.Count == 0) return text;

        // One pass: a name that looks like a key stays a name, and a text full of keys costs no more than its length.
        var named = new StringBuilder(text.Length + 32);
        int kept = 0;
        while (at >= 0)
        {
            MessageMention? mention = At(text.AsSpan(at), mentions);
            if (mention is not null)
            {
                named.Append(text, kept, at - kept);
                if (id is null || mention.Id != id) named.Append('@').Append(mention.Name.Length > 0 ? mention.Name : mention.Id);
                kept = at + mention.Key.Length;
            }

            int next = mention is null ? at + 1 : kept;
            at = next < text.Length ? text.IndexOf('@', next) : -1;
        }

        return named.Append(text, kept, text.Length - kept).ToString();
    }

    /// <summary>Whole keys: <c>@_user_1</c> is not the beginning of <c>@_user_12</c>.</summary>
    private static MessageMention? At(ReadOnlySpan<char> text, IReadOnlyList<MessageMention> mentions)
    {
        if (!text.StartsWith("@_")) return null;
        foreach (MessageMention mention in mentions)
        {
            string key = mention.Key;
            if (key.Length > 0 && text.StartsWith(key, StringComparison.Ordinal) && !(key.Length < text.Length && char.IsAsciiDigit(text[key.Length]))) return mention;
        }

        return null;
    }
}
