using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Masking;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Makes of what a person wrote what a backend is asked: masked, with what it links to, in its conversation.</summary>
internal sealed class QuestionMaker(IDatabase database, TurnStore store, IEnumerable<IQuestionContext> contexts)
{
    private const int HistoryTurns = 20;

    /// <summary>The question as every backend of the chain gets it.</summary>
    public async Task<PreparedQuestion> MakeAsync(Turn turn, AssistantRoute route, CancellationToken cancellation)
    {
        var text = turn.Question;
        foreach (var context in contexts) text = await context.AddAsync(turn, route, text, cancellation);
        return new PreparedQuestion(new Masker(route.Masking).Mask(text), route);
    }

    /// <summary>The question for one backend.</summary>
    /// <param name="turn">The turn.</param>
    /// <param name="question">What is asked.</param>
    /// <param name="backend">Whom.</param>
    /// <param name="fresh">In a new conversation, since the backend does not know the old one any more.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<AssistantQuestion> ForAsync(Turn turn, PreparedQuestion question, GuardedBackend backend, bool fresh, CancellationToken cancellation)
    {
        // Read now and not when it was asked: the turn before this one may have begun the conversation.
        var conversation = await database.ReadAsync(sql => ConversationStore.FindAsync(sql, turn.Conversation), cancellation);
        var asked = new AssistantQuestion(question.Text, conversation?.AskedAs ?? turn.Person)
        {
            ConversationId = !fresh && conversation is { RemoteId: { } remote } && conversation.Backend == backend.Name ? remote : null,
            Inputs = backend.Options.Inputs,
        };
        if (backend.Backend.Abilities.HasFlag(AssistantAbilities.Remember)) return asked;
        var masker = new Masker(question.Route.Masking);
        var history = await store.HistoryAsync(turn.Conversation, turn.Id, HistoryTurns, cancellation);
        return asked with { History = [.. history.SelectMany(h => (AssistantTurn[])[new(false, masker.Mask(h.Question)), new(true, h.Answer)])] };
    }
}

/// <summary>A question made ready.</summary>
/// <param name="Text">Masked.</param>
/// <param name="Route">Under which terms.</param>
internal sealed record PreparedQuestion(string Text, AssistantRoute Route);

/// <summary>Adds to a question what it speaks of: a linked document.</summary>
internal interface IQuestionContext
{
    /// <summary>The text with what was found; as it was when there is nothing.</summary>
    ValueTask<string> AddAsync(Turn turn, AssistantRoute route, string text, CancellationToken cancellation);
}
