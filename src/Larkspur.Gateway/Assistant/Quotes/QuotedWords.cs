using System.Security.Cryptography;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Bots;

namespace Larkspur.Gateway.Assistant.Quotes;

/// <summary>Gives the backend the words of the message that a question points at, as material: somebody else may have written them.</summary>
internal sealed class QuotedWords : IQuestionContext
{
    /// <summary>Characters of one message that are passed on.</summary>
    public const int Longest = 10_000;

    public ValueTask AddAsync(Turn turn, AssistantRoute route, QuestionDraft draft, CancellationToken cancellation)
    {
        if (turn.Quoted is not { } quoted) return ValueTask.CompletedTask;
        if (quoted.Text is not { } text)
        {
            draft.Note(turn.Language.Get("assistant.quote.unread"));
        }
        else if (text.Length > 0)
        {
            // "@bot" in answer to somebody's question.
            if (turn.Question.Length == 0 && quoted.Attachments.Count == 0 && turn.Attachments.Count == 0) draft.Append(turn.Language.Get("assistant.quote.ask"));
            draft.Append(Material(turn.Language, text));
            if (text.Length >= Longest) draft.Note(turn.Language.Get("assistant.quote.cut"));
        }

        return ValueTask.CompletedTask;
    }

    /// <summary>A question as it stands in the history of a conversation.</summary>
    public static string WithQuoted(Language language, string question, string? quoted) => string.IsNullOrEmpty(quoted) ? question : $"{question}\n\n{Material(language, quoted)}".TrimStart();

    /// <summary>No longer than is passed on.</summary>
    public static string Cut(string text) => text.Length <= Longest ? text : text[..(char.IsHighSurrogate(text[Longest - 1]) ? Longest - 1 : Longest)];

    /// <summary>Between marks that the words cannot contain: they must not speak to the backend in the asker's voice.</summary>
    private static string Material(Language language, string text)
    {
        var mark = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        return $"{language.Get("assistant.quote.material")}\n<message-{mark}>\n{text}\n</message-{mark}>";
    }
}
