using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Webhooks.Failing;

/// <summary>When a webhook that keeps failing is switched off. Section <c>Larkspur:WebhookFailures</c>.</summary>
public sealed class WebhookFailureOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:WebhookFailures";

    /// <summary>Time for which every attempt has failed. Default 5 days; at least an hour, at most 30 days; zero: none is ever switched
    /// off.</summary>
    public TimeSpan SwitchOffAfter { get; set; } = TimeSpan.FromDays(5);

    /// <summary>Attempts that must have failed meanwhile. Default 20.</summary>
    public int LeastAttempts { get; set; } = 20;

    /// <summary>Attempts are kept so long at least: without them nothing could be found out.</summary>
    internal TimeSpan KeepAttempts => SwitchOffAfter + TimeSpan.FromDays(2);

    IEnumerable<string> ISectionOptions.Problems()
    {
        if (SwitchOffAfter != TimeSpan.Zero && (SwitchOffAfter < TimeSpan.FromHours(1) || SwitchOffAfter > TimeSpan.FromDays(30)))
            yield return "Larkspur:WebhookFailures:SwitchOffAfter: from 01:00:00 to 30.00:00:00, or 00:00:00 for never";
        if (LeastAttempts < 1) yield return "Larkspur:WebhookFailures:LeastAttempts: 1 or more";
    }
}
