using System.Collections.Immutable;
using System.Text;

namespace Larkspur.Emulator.Feishu;

/// <summary>Finds the mentions in what a person typed.</summary>
internal static class TypedText
{
    /// <remarks>A mention is <c>@</c> and a name, English name, id or bot name of this chat, the longest that fits.</remarks>
    public static (string Rendered, ImmutableArray<Mention> Mentions) Read(EmulatorState state, Chat chat, string text)
    {
        var names = Names(state, chat).OrderByDescending(n => n.Name.Length).ToArray();
        var rendered = new StringBuilder(text.Length);
        List<Mention> mentions = [];
        for (var i = 0; i < text.Length;)
        {
            var rest = text.AsSpan(i);
            var tag = AtTag(rest, out var tagLength);
            var found = tag is not null
                ? Array.Find(names, n => n.Id == tag || n.Name.Equals(tag, StringComparison.OrdinalIgnoreCase))
                : rest[0] == '@' ? First(names, rest[1..]) : null;
            if (found is null)
            {
                rendered.Append(text[i++]);
                continue;
            }

            i += tag is not null ? tagLength : 1 + found.Name.Length;
            rendered.Append(Key(mentions, found));
        }

        return (rendered.ToString(), [.. mentions]);
    }

    private static Named? First(Named[] names, ReadOnlySpan<char> rest)
    {
        foreach (var name in names)
        {
            if (!rest.StartsWith(name.Name, StringComparison.OrdinalIgnoreCase)) continue;
            // "@bobby" is not "@bob".
            var next = rest.Length > name.Name.Length ? rest[name.Name.Length] : ' ';
            if (char.IsAsciiLetterOrDigit(name.Name[^1]) && char.IsAsciiLetterOrDigit(next)) continue;
            return name;
        }

        return null;
    }

    private static string Key(List<Mention> mentions, Named who)
    {
        if (mentions.Find(m => m.Kind == who.Kind && m.Id == who.Id) is { } known) return known.Key;
        var key = who.Kind == MentionKind.All ? "@_all" : $"@_user_{mentions.Count(m => m.Kind != MentionKind.All) + 1}";
        mentions.Add(new Mention(key, who.Kind, who.Id, who.Shown));
        return key;
    }

    private static IEnumerable<Named> Names(EmulatorState state, Chat chat)
    {
        foreach (var name in (string[])["all", "所有人", "everyone"]) yield return new Named(name, MentionKind.All, "all", "所有人");
        foreach (var person in chat.People.Select(state.Person).OfType<Person>())
        {
            foreach (var name in (string[])[person.Name, person.EnName, person.UserId]) yield return new Named(name, MentionKind.Person, person.UserId, person.Name);
        }

        foreach (var bot in chat.Bots.Select(state.App).OfType<BotApp>())
        {
            foreach (var name in (string[])[bot.Name, bot.EnName, bot.AppId, "bot"]) yield return new Named(name, MentionKind.Bot, bot.AppId, bot.Name);
        }
    }

    private static string? AtTag(ReadOnlySpan<char> rest, out int length)
    {
        length = 0;
        const string open = "<at user_id=\"";
        const string close = "</at>";
        if (!rest.StartsWith(open, StringComparison.Ordinal)) return null;
        var quote = rest[open.Length..].IndexOf('"');
        var end = rest.IndexOf(close, StringComparison.Ordinal);
        if (quote < 0 || end < 0 || open.Length + quote > end) return null;
        length = end + close.Length;
        return rest.Slice(open.Length, quote).ToString();
    }

    private sealed record Named(string Name, MentionKind Kind, string Id, string Shown);
}
