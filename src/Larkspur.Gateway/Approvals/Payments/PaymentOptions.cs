using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Approvals;

/// <summary>How payments are watched. Section <c>Larkspur:Payments</c>.</summary>
public sealed class PaymentOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Payments";

    /// <summary>Time between two rounds of reconciliation. Default 2 min; a round asks only about what is due.</summary>
    public TimeSpan Interval { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>An undecided payment is looked up again after this long without news. Default 10 min.</summary>
    public TimeSpan CheckAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The same while the platform sends no events for the approval code. Default 2 min.</summary>
    public TimeSpan CheckAfterWithoutEvents { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Longest distance of two looks: it doubles while nothing is new. Default 2 h.</summary>
    public TimeSpan LongestCheck { get; set; } = TimeSpan.FromHours(2);

    /// <summary>Calls that one round may make. Default 60: half of what the instance list takes a minute remains for others.</summary>
    public int MaxCalls { get; set; } = 60;

    /// <summary>How long a definition that was read is trusted. Default 3 min; its change is told by an event and counts at once.</summary>
    public TimeSpan DefinitionLifetime { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>After an approval a revocation is looked for during this time. Default 31 days, the platform's default for how long an approval can be undone.</summary>
    public TimeSpan RevocableFor { get; set; } = TimeSpan.FromDays(31);

    /// <summary>A failed call may have made an instance all the same: it is looked for during a day.</summary>
    private static readonly TimeSpan FailedFor = TimeSpan.FromDays(1);

    private static readonly TimeSpan LongestRevocationCheck = TimeSpan.FromDays(7);

    /// <summary>When the platform is asked about a payment next, with growing distance while nothing is new; null: never again.</summary>
    internal DateTimeOffset? NextCheck(Payment payment, DateTimeOffset now)
    {
        var age = now - payment.ChangedAt;
        return payment.State switch
        {
            PaymentStates.Submitting or PaymentStates.Pending => now + Between(age, CheckAfter, LongestCheck),
            PaymentStates.Failed when age < FailedFor => now + Between(age, CheckAfter, LongestCheck),
            PaymentStates.Approved when age < RevocableFor => now + Between(age, LongestCheck, LongestRevocationCheck),
            _ => null,
        };

        static TimeSpan Between(TimeSpan value, TimeSpan least, TimeSpan most) => value < least ? least : value < most ? value : most > least ? most : least;
    }

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        if (Interval < TimeSpan.FromSeconds(1)) yield return "Larkspur:Payments:Interval: at least 00:00:01";
        foreach (var (name, time) in new[] { (nameof(CheckAfter), CheckAfter), (nameof(CheckAfterWithoutEvents), CheckAfterWithoutEvents), (nameof(LongestCheck), LongestCheck) })
            if (time <= TimeSpan.Zero) yield return $"Larkspur:Payments:{name}: longer than 00:00:00";
        if (MaxCalls is < 1 or > 1000) yield return "Larkspur:Payments:MaxCalls: from 1 to 1000";
        if (DefinitionLifetime < TimeSpan.Zero) yield return "Larkspur:Payments:DefinitionLifetime: not below 00:00:00";
        if (RevocableFor < TimeSpan.Zero) yield return "Larkspur:Payments:RevocableFor: not below 00:00:00";
    }
}
