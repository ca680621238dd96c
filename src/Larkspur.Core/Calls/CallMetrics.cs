using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Text.Json;

namespace Larkspur;

/// <summary>
/// Counts and traces the calls to a platform: <c>larkspur.{platform}.calls</c>, <c>.retries</c>, <c>.rate_limit.wait</c>, and an activity
/// <c>{platform}.call</c> per call.
/// </summary>
/// <param name="platform"><c>feishu</c>, <c>wecom</c>, <c>dingtalk</c>, <c>dify</c>, <c>openai</c>.</param>
public sealed class CallMetrics(string platform)
{
    private static readonly string[] Kinds = Array.ConvertAll(Enum.GetNames<FailureKind>(), JsonNamingPolicy.SnakeCaseLower.ConvertName);

    private readonly Counter<long> _calls = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"larkspur.{platform}.calls", description: "Calls by endpoint and outcome (ok, a failure kind, network, cancelled, error).");

    private readonly Counter<long> _retries = LarkspurTelemetry.Meter.CreateCounter<long>(
        $"larkspur.{platform}.retries", description: "Repeated tries by endpoint and reason.");

    private readonly Histogram<double> _waits = LarkspurTelemetry.Meter.CreateHistogram(
        $"larkspur.{platform}.rate_limit.wait", "s", "Time calls waited for a permit.",
        advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });

    /// <summary>The platform's name.</summary>
    public string Platform => platform;

    /// <summary>
    /// How a call ended, as a label: a failure kind (<c>rate_limited</c>), <c>network</c>, <c>cancelled</c> or <c>error</c>.
    /// </summary>
    public static string OutcomeOf(Exception exception) => exception switch
    {
        PlatformApiException refused => Kinds[(int)refused.FailureKind],
        PlatformNetworkException => "network",
        OperationCanceledException => "cancelled",
        _ => "error",
    };

    /// <summary>Counts a call.</summary>
    public void Called(string endpoint, string outcome) => Count(_calls, endpoint, "outcome", outcome);

    /// <summary>Notes how long a call waited for its permit; nothing where it did not wait.</summary>
    public void Waited(string endpoint, TimeSpan time)
    {
        if (time > TimeSpan.Zero) _waits.Record(time.TotalSeconds, new KeyValuePair<string, object?>("endpoint", endpoint));
    }

    internal void Retried(string endpoint, string reason) => Count(_retries, endpoint, "reason", reason);

    /// <summary>Runs a call within its activity, and counts how it ended.</summary>
    internal async Task<T> TraceAsync<T>(string endpoint, Func<Task<T>> call, Action<Activity> describe)
    {
        using Activity? activity = LarkspurTelemetry.Activities.StartActivity($"{platform}.call", ActivityKind.Client);
        activity?.SetTag($"{platform}.endpoint", endpoint);
        string outcome = "ok";
        try
        {
            return await call();
        }
        catch (Exception exception)
        {
            outcome = OutcomeOf(exception);
            activity?.SetStatus(ActivityStatusCode.Error, outcome);
            throw;
        }
        finally
        {
            if (activity is not null) describe(activity);
            Called(endpoint, outcome);
        }
    }

    private static void Count(Counter<long> counter, string endpoint, string label, string value)
        => counter.Add(1, new KeyValuePair<string, object?>("endpoint", endpoint), new KeyValuePair<string, object?>(label, value));
}
