namespace Larkspur.Feishu;

/// <summary>The turns of one app's calls: taken before a try, lengthened by what a refusal says.</summary>
internal sealed class FeishuTurns(IRateShaper shaper, FeishuPaces paces)
{
    /// <summary>The platform's windows are a second and a minute: an answer that claims more closes the endpoint no longer than that for everybody else.</summary>
    private static readonly TimeSpan LongestClosure = TimeSpan.FromMinutes(1);

    public async ValueTask<TimeSpan> TakeAsync(FeishuCall call, CancellationToken cancellationToken)
    {
        FeishuPace pace = paces.Of(call.Endpoint, call.Tenant);
        TimeSpan waited = await shaper.WaitAsync(pace.Key, pace.Limit, cancellationToken);
        if (waited > TimeSpan.Zero)
        {
            FeishuTelemetry.ShapingWait.Record(waited.TotalSeconds, new KeyValuePair<string, object?>("endpoint", call.Endpoint.Id));
        }

        return waited;
    }

    /// <summary>Everybody who calls the endpoint has to wait, and to be slower; a limit of one receiver or one table holds up only this call.</summary>
    /// <returns>True: the next turn includes the pause.</returns>
    public bool Refused(FeishuCall call, FeishuApiException refused, TimeSpan pause)
    {
        if (refused.LimitScope != RateLimitScope.Endpoint) return false;
        TimeSpan closure = pause < LongestClosure ? pause : LongestClosure;
        paces.Refused(call.Endpoint, call.Tenant, refused.RetryAfter is null ? null : refused.AnnouncedLimit, closure);
        shaper.Pause(paces.Of(call.Endpoint, call.Tenant).Key, closure);
        return true;
    }
}
