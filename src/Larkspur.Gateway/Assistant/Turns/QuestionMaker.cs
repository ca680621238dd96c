using Larkspur.Gateway.Assistant.Attachments;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Quotes;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Makes of what a person wrote what a backend is asked: masked, with what it links to, in its conversation.</summary>
internal sealed class QuestionMaker(IDatabase database, TurnStore store, IEnumerable<IQuestionContext> contexts, AssistantMetrics metrics)
{
    private const int HistoryTurns = 20;

    /// <summary>The question as every backend of the chain gets it.</summary>
    public async Task<PreparedQuestion> MakeAsync(Turn turn, AssistantRoute route, CancellationToken cancellation)
    {
        var draft = new QuestionDraft(turn.Question);
        foreach (var context in contexts) await context.AddAsync(turn, route, draft, cancellation);
        var counts = new MaskCounts();
        var masked = new Masker(route.Masking).Mask(draft.Text, counts);
        metrics.Masked(counts, "asked");
        return new PreparedQuestion(masked, route, draft.Notes) { Waits = draft.Waits };
    }

    /// <summary>The question for one backend.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="backend">Whom.</param>
    /// <param name="given">The files that it takes.</param>
    /// <param name="words">What is asked where nothing was said.</param>
    /// <param name="fresh">In a new conversation, since the backend does not know the old one any more.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<AssistantQuestion> ForAsync(Turn turn, PreparedQuestion question, GuardedBackend backend, GivenFiles given, string words, bool fresh, CancellationToken cancellation)
    {
        // Read now and not when it was asked: the turn before this one may have begun the conversation.
        var conversation = await database.ReadAsync(sql => ConversationStore.FindAsync(sql, turn.Conversation), cancellation);
        var asked = new AssistantQuestion(question.Text.Length > 0 ? question.Text : words, conversation?.AskedAs ?? turn.Person)
        {
            ConversationId = !fresh && conversation is { RemoteId: { } remote } && conversation.Backend == backend.Name ? remote : null,
            Inputs = backend.Options.Inputs,
            Files = given.Rewound(),
            IsAboutFiles = question.IsWordless,
        };
        if (backend.Backend.Abilities.HasFlag(AssistantAbilities.Remember)) return asked;
        var masker = new Masker(question.Route.Masking);
        var history = await store.HistoryAsync(turn.Conversation, turn.Id, HistoryTurns, cancellation);
        return asked with { History = [.. history.SelectMany(h => (AssistantTurn[])[new(false, masker.Mask(Asked(turn.Language, h))), new(true, masker.Mask(h.Answer))])] };
    }

    private static string Asked(Language language, EarlierTurn turn) =>
        QuotedText.WithQuoted(language, turn.Question.Length > 0 || turn.Kinds.Count == 0 ? turn.Question : FileTexts.Question(language, turn.Kinds), turn.Quoted);
}

/// <summary>A question made ready.</summary>
/// <param name="Text">Masked.</param>
/// <param name="Route">Under which terms.</param>
/// <param name="Notes">What the reader is told below the answer.</param>
internal sealed record PreparedQuestion(string Text, AssistantRoute Route, IReadOnlyList<string> Notes)
{
    /// <summary>Nobody is asked yet, and what the person is told instead; null: it is asked.</summary>
    public string? Waits { get; init; }

    /// <summary>There is nothing to answer but files.</summary>
    public bool IsWordless => Text.Length == 0;
}

/// <summary>A question that is being made ready.</summary>
/// <param name="question">What the person wrote.</param>
internal sealed class QuestionDraft(string question)
{
    private readonly List<string> _notes = [];

    public string Text { get; private set; } = question;

    public IReadOnlyList<string> Notes => _notes;

    /// <summary>The person's word is needed first; the question is asked anew with it.</summary>
    public string? Waits { get; private set; }

    /// <summary>Ends it here, with what the person is told.</summary>
    public void Wait(string words) => Waits = words;

    /// <summary>Adds a paragraph for the backend.</summary>
    public void Append(string paragraph) => Text = Text.Length == 0 ? paragraph : $"{Text}\n\n{paragraph}";

    /// <summary>Adds a line that the reader sees below the answer.</summary>
    public void Note(string line) => _notes.Add(line);
}

/// <summary>Adds to a question what it speaks of: a linked document.</summary>
internal interface IQuestionContext
{
    /// <summary>Adds what was found, or nothing.</summary>
    ValueTask AddAsync(Turn turn, AssistantRoute route, QuestionDraft draft, CancellationToken cancellation);
}
