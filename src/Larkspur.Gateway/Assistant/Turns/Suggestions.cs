using System.Text.Json;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Conversations;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Assistant.Turns;

/// <summary>Questions that may come next, where a route offers them: buttons below the answer, their words in the turn's row. A button holds a number alone, so what it asks is what was offered.</summary>
internal sealed partial class Suggestions(TimeProvider clock, ILogger<Suggestions> logger)
{
    private const int Most = 3;

    /// <summary>Characters; what is longer is no question that anybody reads on a button.</summary>
    private const int LongestQuestion = 200;

    private const int LongestLabel = 40;

    /// <summary>The answer is whole and waits for them: a backend that thinks longer has none.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>What the backend proposes after an answer, masked as the answer is; none where it has none, or not in time.</summary>
    public async Task<IReadOnlyList<string>> OfAsync(AssistantRoute route, GuardedBackend backend, AnswerReading reading, CancellationToken cancellation)
    {
        if (!route.Suggestions || reading is not { End.IsCut: false, MessageId: { } message } || !backend.Backend.Abilities.HasFlag(AssistantAbilities.Suggest)) return [];
        using var patience = new CancellationTokenSource(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellation, patience.Token);
        try
        {
            var masker = new Masking.Masker(route.Masking);
            var proposed = await backend.Backend.SuggestAsync(message, reading.AskedAs, either.Token);
            return [.. proposed.OfType<string>().Select(q => masker.Mask(q.ReplaceLineEndings(" ").Trim())).Where(q => q.Length is > 0 and <= LongestQuestion).Distinct().Take(Most)];
        }
        catch (Exception e) when (e is AssistantException or OperationCanceledException)
        {
            // Whoever stops it now has a whole answer already.
            NoQuestionsProposed(backend.Name, e.Message);
            return [];
        }
    }

    /// <summary>The buttons that ask them.</summary>
    public static IEnumerable<ResponseButton> Buttons(Turn turn, IReadOnlyList<string> questions) => questions.Select((question, i) => new ResponseButton(Label(question), AnswerAction.Ask(i, turn.Name)));

    public static async ValueTask StoreAsync(IUnitOfWork unit, long turn, IReadOnlyList<string> questions) =>
        await unit.ExecuteAsync("UPDATE assistant_turn SET suggestions = $2 WHERE id = $1", turn, JsonSerializer.Serialize(questions));

    /// <summary>One of them; null: that many were not offered.</summary>
    public static async ValueTask<string?> FindAsync(ISql sql, long turn, int index)
    {
        var stored = await sql.FirstAsync("SELECT suggestions FROM assistant_turn WHERE id = $1", static row => row.Text(0), turn);
        return stored is not null && JsonSerializer.Deserialize<string[]>(stored) is { } questions && index < questions.Length ? questions[index] : null;
    }

    private static string Label(string question) =>
        question.Length <= LongestLabel ? question : string.Concat(question.AsSpan(0, char.IsHighSurrogate(question[LongestLabel - 2]) ? LongestLabel - 2 : LongestLabel - 1), "…");

    [LoggerMessage(LogLevel.Information, "Backend {Backend} proposes no questions ({Reason})")]
    private partial void NoQuestionsProposed(string backend, string reason);
}
