using System.Text;
using Larkspur.Gateway.Assistant;
using Larkspur.Gateway.Assistant.Backends;
using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Masking;
using RouteOptions = Larkspur.Gateway.Assistant.RouteOptions;

namespace Larkspur.Gateway.Console.Pages.Assistant;

/// <summary>What the page shows of the assistant, and tries with it.</summary>
internal sealed class AssistantPageService(AssistantBackends backends, AssistantRoutes routes, TurnStore turns, AuditTrail audit,
    TimeProvider clock)
{
    /// <summary>A page of conversations.</summary>
    public const int OnPage = 20;

    public const int LongestQuestion = 2000;

    /// <summary>Nobody waits longer before a page.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>An answer is shown so far.</summary>
    private const int LongestShown = 8000;

    public IReadOnlyList<GuardedBackend> Backends => [.. backends.All.OrderBy(b => b.Name, StringComparer.Ordinal)];

    public IReadOnlyList<(RouteOptions Rule, AssistantRoute Route)> Rules => routes.Rules;

    /// <summary>Who answers what fits no rule; null: there is no backend.</summary>
    public AssistantRoute? Default => routes.Default;

    /// <summary>All routes, for choosing one.</summary>
    public IReadOnlyList<AssistantRoute> Routes => [.. Rules.Select(r => r.Route).Append(Default).OfType<AssistantRoute>().DistinctBy(r =>
        r.Name)];

    /// <summary>Asks a backend, past routes, permissions and conversations; what it answers goes to nobody but the page.</summary>
    /// <exception cref="ActionRefusedException">There is no such backend, or it does not answer.</exception>
    public async Task<TestAnswer> AskAsync(Actor who, string name, string question, CancellationToken cancellation)
    {
        if (backends.Find(name) is not { } backend) throw new ActionRefusedException(AssistantTexts.NoBackend);
        if (string.IsNullOrWhiteSpace(question) || question.Length > LongestQuestion)
            throw new ActionRefusedException(AssistantTexts.BadQuestion);
        await audit.AddAsync(who, "assistant.tested", backend.Name, cancellation: cancellation);
        var (text, began) = (new StringBuilder(), clock.GetTimestamp());
        TimeSpan? first = null;
        using var patience = new CancellationTokenSource(Patience, clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await backend.AskAsync(new AssistantQuestion(question, "larkspur-console"), told =>
            {
                if (told is AssistantReplaced replaced) text.Clear().Append(replaced.Text);
                else if (told is AssistantText { Delta: { Length: > 0 } more })
                {
                    first ??= clock.GetElapsedTime(began);
                    if (text.Length < LongestShown) text.Append(more);
                }

                return ValueTask.CompletedTask;
            }, both.Token);
        }
        catch (AssistantException e)
        {
            throw new ActionRefusedException(AssistantTexts.Failed(backend.Name, e.Message));
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            throw new ActionRefusedException(AssistantTexts.TooSlow(backend.Name));
        }

        return new TestAnswer(text.ToString(), first, clock.GetElapsedTime(began));
    }

    /// <summary>What a route would mask in a text.</summary>
    public MaskTrial Mask(string route, string text)
    {
        var counts = new MaskCounts();
        var policy = Routes.FirstOrDefault(r => r.Name == route)?.Masking ?? MaskingPolicy.None;
        if (policy.IsEmpty) return new MaskTrial(text, []) { IsOff = true };
        var masked = new Masker(policy).Mask(text.Length <= LongestShown ? text : text[..LongestShown], counts);
        return new MaskTrial(masked, [.. counts.ByName.Select(c => (c.Key, c.Value))]);
    }

    /// <summary>Questions that have ended, the newest first, without their words.</summary>
    public async Task<(IReadOnlyList<Turn> Items, long? Next)> TurnsAsync(bool unhelpful, long? before, CancellationToken cancellation)
    {
        var found = await turns.EndedAsync(unhelpful, before, OnPage + 1, cancellation);
        return found.Count > OnPage ? (found[..OnPage], found[OnPage - 1].Id) : (found, null);
    }

    /// <summary>What somebody asked and was answered; that it was read stands in the audit log.</summary>
    /// <exception cref="ActionRefusedException">It has been forgotten.</exception>
    public async Task<Turn> ReadAsync(Actor who, long id, CancellationToken cancellation)
    {
        if (await turns.FindAsync(id, cancellation) is not { } turn) throw new ActionRefusedException(AssistantTexts.Forgotten);
        await audit.AddAsync(who, "conversation.read", turn.Reference, cancellation: cancellation);
        return turn;
    }
}

/// <summary>A backend's answer.</summary>
/// <param name="Text">What it said.</param>
/// <param name="First">Until its first word; null: it came whole.</param>
/// <param name="Whole">Until its end.</param>
internal sealed record TestAnswer(string Text, TimeSpan? First, TimeSpan Whole);

/// <summary>What masking makes of a text.</summary>
internal sealed record MaskTrial(string Text, IReadOnlyList<(string Kind, int Count)> Found)
{
    /// <summary>The rule masks nothing.</summary>
    public bool IsOff { get; init; }
}
