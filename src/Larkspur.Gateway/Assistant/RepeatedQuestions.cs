using Larkspur.Gateway.Assistant.Routing;
using Larkspur.Gateway.Assistant.Turns;
using Larkspur.Gateway.People.Departments;
using Larkspur.Gateway.People.Identities;

namespace Larkspur.Gateway.Assistant;

/// <summary>Whether somebody may still ask what they asked before: it may be weeks old, and the permission may be gone since.</summary>
internal sealed class RepeatedQuestions(AssistantRoutes routes, QuestionAuthorizer right, DepartmentBranches branches, TimeProvider clock)
{
    private static readonly TimeSpan ToldHolds = TimeSpan.FromHours(24);

    /// <summary>Why they may not; null: they may.</summary>
    /// <param name="turn">The question.</param>
    /// <param name="departments">As the platform tells them now; null: it does not, and what the question told holds for a day, as the
    /// directory's word does.</param>
    /// <param name="person">Who asked.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<QuestionRefusal?> RefusalAsync(
        Turn turn, IReadOnlyList<string>? departments, KnownPerson person, CancellationToken cancellation)
    {
        if (routes.Named(turn.Route) is not { } route) return new QuestionRefusal("no_route", AssistantTexts.NoRoute);
        var told = departments is null && turn.AskedAt + ToldHolds > clock.GetUtcNow() ? turn.Sender.Departments : departments;
        var who = turn.Sender with { Departments = told };
        return await right.RefusalAsync(route, person, who, await branches.OfAsync(who, false, cancellation), cancellation);
    }
}
