using Larkspur.Gateway.Cards;

namespace Larkspur.Gateway.Conversations;

/// <summary>What a person asks for by a button of an answer, or of a question about their accounts.</summary>
/// <param name="What">Which.</param>
/// <param name="Turn">The answer's turn; the request to link, or the join.</param>
internal readonly record struct AnswerAction(AnswerActionKind What, string Turn)
{
    /// <summary>As it stands behind a button, on every platform: <c>asst:helpful:tu_…</c>, at most 64 characters.</summary>
    public override string ToString() => $"{Prefix}{Words[(int)What]}:{Turn}";

    /// <summary>Asks the question that was offered in this place below an answer.</summary>
    public static AnswerAction Ask(int index, string turn) => new(AnswerActionKind.Ask1 + index, turn);

    /// <summary>The place of the offered question that it asks; null: it asks none.</summary>
    public int? Offered => What is AnswerActionKind.Ask1 or AnswerActionKind.Ask2 or AnswerActionKind.Ask3 ? What - AnswerActionKind.Ask1 : null;

    /// <summary>It is about accounts that are linked, and no answer's.</summary>
    public bool IsOfLink => What is AnswerActionKind.Confirm or AnswerActionKind.Refuse or AnswerActionKind.Unlink;

    /// <summary>It says whether the answer helped.</summary>
    public bool IsVerdict => What is AnswerActionKind.Helpful or AnswerActionKind.Unhelpful;

    /// <summary>What is asked for, as a word of letters.</summary>
    public string Word => Words[(int)What];

    /// <summary>The action of a word and a turn.</summary>
    /// <returns>False: there is no such action.</returns>
    public static bool TryOf(string? word, string? turn, out AnswerAction action) => TryParse($"{Prefix}{word}:{turn}", out action);

    /// <summary>Reads a button's value.</summary>
    /// <returns>False: it is no button of an answer.</returns>
    public static bool TryParse(string? value, out AnswerAction action)
    {
        action = default;
        if (value is null || value.Length > 100 || !value.StartsWith(Prefix, StringComparison.Ordinal)) return false;
        var rest = value.AsSpan(Prefix.Length);
        var colon = rest.IndexOf(':');
        if (colon < 0) return false;
        var what = Array.IndexOf(Words, rest[..colon].ToString());
        if (what < 0 || rest.Length == colon + 1) return false;
        action = new AnswerAction((AnswerActionKind)what, rest[(colon + 1)..].ToString());
        return true;
    }

    /// <summary>Begins every such value, and no other.</summary>
    public const string Prefix = CardKinds.AnswerPrefix;

    private static readonly string[] Words = ["helpful", "unhelpful", "again", "stop", "save", "ask1", "ask2", "ask3", "confirm", "refuse", "unlink"];
}

/// <summary>The buttons of an answer.</summary>
internal enum AnswerActionKind
{
    /// <summary>It helped.</summary>
    Helpful,

    /// <summary>It did not.</summary>
    Unhelpful,

    /// <summary>Ask the same again.</summary>
    Again,

    /// <summary>Stop writing.</summary>
    Stop,

    /// <summary>Keep the answer as a document.</summary>
    Save,

    /// <summary>Ask the first question that was offered below it.</summary>
    Ask1,

    /// <summary>The second.</summary>
    Ask2,

    /// <summary>The third.</summary>
    Ask3,

    /// <summary>The other account is theirs: link the two.</summary>
    Confirm,

    /// <summary>It is not.</summary>
    Refuse,

    /// <summary>Separate what was linked.</summary>
    Unlink,
}
