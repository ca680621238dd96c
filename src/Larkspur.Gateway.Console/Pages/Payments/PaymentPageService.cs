using Larkspur.Feishu;
using Larkspur.Feishu.Approvals;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Approvals;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Console.Pages.Payments;

/// <summary>Payments as the console shows them, the approval code that they run under, and what an operator does about one.</summary>
internal sealed class PaymentPageService(IDatabase database, PaymentStore store, PaymentSteps steps, PaymentWorkflow workflow, ApprovalCodeStore codes, DefinitionCache definitions, PlatformCalls calls)
{
    private const int PageSize = 30;

    /// <summary>Payments, the newest first.</summary>
    /// <param name="state">Only of this state.</param>
    /// <param name="number">Only of this number.</param>
    /// <param name="after">The last one of the page before.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    public async Task<(IReadOnlyList<PaymentView> Items, bool More)> ListAsync(string? state, string? number, PaymentView? after, CancellationToken cancellation)
    {
        var filter = new PaymentFilter(PaymentStates.All.Contains(state) ? state : null, number, after?.CreatedAt.ToUnixTimeMilliseconds() ?? long.MaxValue, after?.Id ?? "", PageSize + 1);
        var found = await database.ReadAsync(sql => store.ListAsync(sql, filter), cancellation);
        return ([.. found.Take(PageSize).Select(PaymentView.Of)], found.Count > PageSize);
    }

    /// <summary>One with its time line and webhooks, or null.</summary>
    public Task<PaymentView?> FindAsync(string id, CancellationToken cancellation) => database.ReadAsync(async sql =>
    {
        if (await store.FindAsync(sql, id) is not { } payment) return null;
        var lines = await store.LinesAsync(sql, id);
        var names = await PaymentPeople.NamesAsync(sql, payment, lines);
        return PaymentView.Of(payment, lines, await store.DeliveriesAsync(sql, id), names);
    }, cancellation);

    /// <summary>The workflow's approval code and whether its events come; null: the workflow is off, or has no code.</summary>
    public async Task<CodeSeen?> CodeAsync(CancellationToken cancellation) => workflow.Target is { } target
        ? new CodeSeen(target.App, target.Code, await database.ReadAsync(sql => codes.SubscriptionAsync(sql, target.App, target.Code), cancellation)) : null;

    /// <summary>The platform's definition of a code, or why it cannot be told.</summary>
    public async Task<(ApprovalDefinition? Definition, LocalText? Problem)> DefinitionAsync(CodeSeen code, CancellationToken cancellation)
    {
        try
        {
            return (await definitions.GetAsync(calls.App(code.App), code.Code, null, cancellation), null);
        }
        catch (RequestRefusedException e)
        {
            return (null, RefusalTexts.Of(e));
        }
        catch (PlatformApiException e)
        {
            return (null, RefusalTexts.Of(e));
        }
        catch (PlatformNetworkException e)
        {
            return (null, RefusalTexts.Of(e));
        }
    }

    public Task CancelAsync(string id, Actor who, CancellationToken cancellation) => steps.CancelAsync(id, new KeyGrant(who), cancellation);

    /// <returns>How many are reminded.</returns>
    public async Task<int> RemindAsync(string id, string key, Actor who, CancellationToken cancellation) => (await steps.RemindAsync(id, null, key, new KeyGrant(who), cancellation)).Count;
}

/// <summary>The approval code of the payment workflow.</summary>
/// <param name="App">Whose events they are.</param>
/// <param name="Code">The code.</param>
/// <param name="Subscription">Whether its events come; null: not asked for yet.</param>
internal sealed record CodeSeen(string App, string Code, SubscriptionRow? Subscription);
