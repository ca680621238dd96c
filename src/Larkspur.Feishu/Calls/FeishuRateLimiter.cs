namespace Larkspur.Feishu;

/// <summary>Rate-limits one app's calls: a permit before each try, and a pause where a refusal asks for one.</summary>
internal sealed class FeishuRateLimiter(IRateLimiter rateLimiter, FeishuBudgets budgets)
{
    /// <summary>The platform's windows are a second and a minute: an answer that claims more closes the endpoint no longer than that for everybody else.</summary>
    private static readonly TimeSpan LongestClosure = TimeSpan.FromMinutes(1);

    public async ValueTask<TimeSpan> TakeAsync(FeishuCall call, CancellationToken cancellationToken)
    {
        RateLimitBudget budget = budgets.Of(call.Endpoint, call.Tenant);
        TimeSpan waited = await rateLimiter.WaitAsync(budget.Key, budget.Limit, cancellationToken);
        FeishuTelemetry.Calls.Waited(call.Endpoint.Id, waited);
        return waited;
    }

    /// <summary>Everybody who calls the endpoint has to wait, and to be slower; a limit of one receiver or one table holds up only this call.</summary>
    /// <returns>True: the next permit includes the pause.</returns>
    public bool Refused(FeishuCall call, FeishuApiException refused, TimeSpan pause)
    {
        if (refused.LimitScope != RateLimitScope.Endpoint) return false;
        TimeSpan closure = pause < LongestClosure ? pause : LongestClosure;
        budgets.Refused(call.Endpoint, call.Tenant, refused.RetryAfter is null ? null : refused.AnnouncedLimit, closure);
        rateLimiter.Pause(budgets.Of(call.Endpoint, call.Tenant).Key, closure);
        return true;
    }
}
