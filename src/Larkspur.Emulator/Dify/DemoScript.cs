using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Larkspur.Emulator.Dify;

/// <summary>
/// What the demo's assistant answers: <c>DemoScript.json</c>, by topic, in the question's language.
/// A follow-up is understood by what was asked before it, a question that is asked again is answered in other words, and a document
/// that came with the question is summarised by its own first lines.
/// </summary>
internal static partial class DemoScript
{
    private const string Document = "document";
    private const string Picture = "picture";
    private const string File = "file";
    private const string Fallback = "fallback";
    private const int MostPoints = 3;
    private const int LongestPoint = 120;
    private const int ShortWord = 3;

    private static readonly Lazy<IReadOnlyList<Topic>> All = new(Load);

    /// <summary>The answer to the last message of a conversation.</summary>
    public static string Answer(IReadOnlyList<DifyMessage> messages)
    {
        var (last, isChinese) = (messages[^1], DifyAnswers.IsChinese(messages[^1].Query));
        var topic = TopicOf(messages);
        var wordings = isChinese ? topic.Zh : topic.En;
        var before = messages.Count(m => m.Query == last.Query) - 1;
        return Filled(wordings[before % wordings.Count], last, isChinese);
    }

    /// <summary>What could be asked next.</summary>
    public static IReadOnlyList<string> Suggested(IReadOnlyList<DifyMessage> messages)
    {
        var next = TopicOf(messages).Next;
        return DifyAnswers.IsChinese(messages[^1].Query) ? next.Zh : next.En;
    }

    /// <summary>Where it stands; null: nowhere.</summary>
    public static Source? SourceOf(IReadOnlyList<DifyMessage> messages) => TopicOf(messages).Source;

    /// <summary>The name of the picture that comes with the answer; null: none does.</summary>
    public static string? PictureOf(IReadOnlyList<DifyMessage> messages) =>
        TopicOf(messages).Picture is { } picture ? $"{picture}-{(DifyAnswers.IsChinese(messages[^1].Query) ? "zh" : "en")}.png" : null;

    private static Topic TopicOf(IReadOnlyList<DifyMessage> messages)
    {
        Topic? topic = null;
        foreach (var message in messages) topic = TopicOf(message, topic?.Id);
        return topic!;
    }

    private static Topic TopicOf(DifyMessage message, string? before)
    {
        var topics = All.Value;
        if (DocumentForm().IsMatch(message.Query)) return topics.First(t => t.Id == Document);
        if (message.Files.Count > 0) return topics.First(t => t.Id == (message.Files.Any(f => f.Type == "image") ? Picture : File));
        return topics.FirstOrDefault(t => (t.After is null || (before is not null && t.After.Contains(before)))
            && t.Asks.Any(word => Asks(message.Query, word)))
            ?? topics.First(t => t.Id == Fallback);
    }

    /// <summary>A word stands at a word's beginning, and a short one alone: "hi" is not asked by "this".</summary>
    private static bool Asks(string query, string word)
    {
        for (var at = query.IndexOf(word, StringComparison.OrdinalIgnoreCase);
            at >= 0; at = query.IndexOf(word, at + 1, StringComparison.OrdinalIgnoreCase))
        {
            var end = at + word.Length;
            if (at > 0 && char.IsAsciiLetter(query[at - 1]) && char.IsAsciiLetter(word[0])) continue;
            if (word.Length <= ShortWord && end < query.Length && char.IsAsciiLetter(query[end]) && char.IsAsciiLetter(word[^1])) continue;
            return true;
        }

        return false;
    }

    private static string Filled(string text, DifyMessage message, bool isChinese)
    {
        if (!text.Contains('{', StringComparison.Ordinal)) return text;
        var document = DocumentForm().Match(message.Query);
        var content = document.Groups["text"].Value.Trim();
        return text.Replace("{files}", Files(message.Files, isChinese), StringComparison.Ordinal)
            .Replace("{title}", document.Groups["title"].Value, StringComparison.Ordinal)
            .Replace("{length}", content.Length.ToString("N0", CultureInfo.InvariantCulture), StringComparison.Ordinal)
            .Replace("{points}", Points(content), StringComparison.Ordinal);
    }

    private static string Points(string content)
    {
        var points = new StringBuilder();
        var lines = content.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(line => line.TrimStart('#', '-', '*', ' ')).Where(line => line.Length > 0);
        foreach (var line in lines.Take(MostPoints))
        {
            var whole = new StringInfo(line);
            points.Append("- ").AppendLine(whole.LengthInTextElements <= LongestPoint ? line
                : whole.SubstringByTextElements(0, LongestPoint) + "…");
        }

        return points.ToString().TrimEnd();
    }

    private static string Files(IReadOnlyList<DifyQuestionFile> files, bool isChinese)
    {
        var names = string.Join(isChinese ? "、" : ", ", files.Select(f => f.Upload?.Name).OfType<string>());
        var isPicture = files.Any(f => f.Type == "image");
        var what = isChinese
            ? $"{files.Count} {(isPicture ? "张图片" : "个文件")}"
            : $"{(files.Count == 1 ? "your" : $"your {files.Count}")} {(isPicture ? "picture" : "file")}{(files.Count == 1 ? "" : "s")}";
        return names.Length == 0 ? what : isChinese ? $"{what}（{names}）" : $"{what} ({names})";
    }

    private static IReadOnlyList<Topic> Load()
    {
        using var stream = typeof(DemoScript).Assembly.GetManifestResourceStream("dify/DemoScript.json")!;
        return JsonSerializer.Deserialize<Script>(stream, JsonSerializerOptions.Web)!.Topics;
    }

    /// <summary>How the gateway hands over a document: material between marks, with its title.</summary>
    [GeneratedRegex("""<document-(?<mark>[0-9a-f]+) title="(?<title>[^"\n]*)">\n(?<text>.*?)\n?</document-\k<mark>>""", RegexOptions.Singleline)]
    private static partial Regex DocumentForm();

    private sealed record Script(IReadOnlyList<Topic> Topics);

    /// <param name="Id">Its name, for follow-ups.</param>
    /// <param name="Zh">The answer in Chinese, in one or more wordings.</param>
    /// <param name="En">The same in English.</param>
    /// <param name="Next">What could be asked next.</param>
    /// <param name="After">It is understood only after one of these topics; null: always.</param>
    /// <param name="Source">Where it stands; null: nowhere.</param>
    private sealed record Topic(string Id, IReadOnlyList<string> Zh, IReadOnlyList<string> En, NextQuestions Next,
        IReadOnlyList<string>? After, Source? Source)
    {
        /// <summary>Words by which it is asked; none: it is not asked by words.</summary>
        public IReadOnlyList<string> Asks { get; init; } = [];

        /// <summary>The picture that comes with it, without its language; null: none does.</summary>
        public string? Picture { get; init; }
    }

    private sealed record NextQuestions(IReadOnlyList<string> Zh, IReadOnlyList<string> En);

    /// <summary>A place in the company's knowledge.</summary>
    internal sealed record Source(string Dataset, string Document, string Content);
}
