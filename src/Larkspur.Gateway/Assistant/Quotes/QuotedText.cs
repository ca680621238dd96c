using System.Security.Cryptography;
using System.Text;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Conversations;

namespace Larkspur.Gateway.Assistant.Quotes;

/// <summary>Gives the backend the words of the message that a question points at, as material: somebody else may have written them.</summary>
internal sealed class QuotedText : IQuestionContext
{
    /// <summary>Characters of one message that are passed on.</summary>
    public const int Longest = 10_000;

    /// <summary>Of one that was pointed at earlier in the conversation: a few of them must not fill what a model is reminded of.</summary>
    private const int LongestEarlier = 4_000;

    private const int MostFiles = 20;

    public ValueTask AddAsync(Turn turn, AssistantRoute route, QuestionDraft draft, CancellationToken cancellation)
    {
        if (turn.Quoted is not { } quoted) return ValueTask.CompletedTask;
        if (quoted.Text is not { } text)
        {
            draft.Note((turn.Question.Length > 0 ? AssistantTexts.QuoteUnread : AssistantTexts.QuoteUnreadAlone).In(turn.Language));
        }
        else if (text.Length > 0)
        {
            // "@bot" in answer to somebody's question.
            if (turn.Question.Length == 0) draft.Append(AssistantTexts.QuoteAsk.In(turn.Language));
            draft.Append(Material(turn.Language, text));
            if (quoted.IsCut) draft.Note(AssistantTexts.QuoteCut.In(turn.Language));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A question as it stands in the history of a conversation.</summary>
    public static string WithQuoted(Language language, string question, string? quoted) =>
        string.IsNullOrEmpty(quoted) ? question : $"{question}\n\n{Material(language, quoted.Length > LongestEarlier ? Cut(quoted, LongestEarlier) + "…" : quoted)}".TrimStart();

    /// <summary>A message with no more than is passed on.</summary>
    public static QuotedMessage Bounded(QuotedMessage quoted) => quoted with
    {
        Text = quoted.Text is { } text ? Cut(text, Longest) : null, IsCut = quoted.IsCut || quoted.Text?.Length > Longest, Attachments = [.. quoted.Attachments.Take(MostFiles)],
    };

    /// <summary>Never within a number: half a one would not be known for what it is, and not be masked.</summary>
    private static string Cut(string text, int length)
    {
        const int NumberBefore = 4; // with the spaces and dashes that stand in numbers
        const int FarthestBack = 200;
        if (text.Length <= length) return text;
        var end = length;
        while (end > length - FarthestBack && (char.IsDigit(text[end]) || text.AsSpan(end - NumberBefore, NumberBefore).ContainsAnyDigit() || char.IsLowSurrogate(text[end]))) end--;
        return text[..(char.IsHighSurrogate(text[end - 1]) ? end - 1 : end)];
    }

    /// <summary>Between marks that the words cannot contain: they must not speak to the backend in the asker's voice. The same each time, as a backend may know a conversation by how it begins.</summary>
    private static string Material(Language language, string text)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 12));
        return $"{AssistantTexts.QuoteMaterial.In(language)}\n<message-{mark}>\n{text}\n</message-{mark}>";
    }
}

/// <summary>Looks for digits, those of Chinese typing among them.</summary>
file static class Digits
{
    public static bool ContainsAnyDigit(this ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (char.IsDigit(c)) return true;
        }

        return false;
    }
}
