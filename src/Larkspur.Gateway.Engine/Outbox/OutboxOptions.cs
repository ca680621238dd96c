using Larkspur.Gateway.Common;

namespace Larkspur.Gateway.Outbox;

/// <summary>How the sender behaves. Section <c>Larkspur:Outbox</c>.</summary>
public sealed class OutboxOptions : ISectionOptions
{
    static string ISectionOptions.Section => "Larkspur:Outbox";

    /// <summary>False: rows are kept and nothing is sent. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Calls of one endpoint under way at once. Default 64: at 50 a second answers may take more than a second before they cost rate.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Rows of each class held in memory; more wait in the database. Default 10,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Messages held in memory for each webhook; more wait in the database. Default 1,000.</summary>
    public int WebhookCapacity { get; set; } = 1_000;

    /// <summary>Messages to one chat or person, or changes of one message, that start within any second. Default 5, which is what Feishu takes.</summary>
    public int PerLane { get; set; } = 5;

    /// <summary>Pause after the first failed attempt; doubles each time. Default 1 s.</summary>
    public TimeSpan FirstPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest pause. Default 1 min.</summary>
    public TimeSpan LongestPause { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Age at which a message is no longer worth sending. Default 24 h.</summary>
    public TimeSpan Patience { get; set; } = TimeSpan.FromHours(24);

    /// <summary>How long the platform is trusted to recognise an idempotency key. Default 55 min: Feishu remembers a <c>uuid</c> for an hour.</summary>
    public TimeSpan KeyLifetime { get; set; } = TimeSpan.FromMinutes(55);

    /// <summary>What is wrong, with the settings' names.</summary>
    IEnumerable<string> ISectionOptions.Problems()
    {
        foreach (var (name, number) in new[] { (nameof(Parallelism), Parallelism), (nameof(Capacity), Capacity), (nameof(WebhookCapacity), WebhookCapacity), (nameof(PerLane), PerLane) })
            if (number < 1) yield return $"Larkspur:Outbox:{name}: at least 1";
        foreach (var (name, time) in new[] { (nameof(FirstPause), FirstPause), (nameof(LongestPause), LongestPause), (nameof(Patience), Patience) })
            if (time <= TimeSpan.Zero) yield return $"Larkspur:Outbox:{name}: longer than 00:00:00";
        if (LongestPause > TimeSpan.FromDays(1)) yield return "Larkspur:Outbox:LongestPause: at most a day";
        if (KeyLifetime < TimeSpan.Zero) yield return "Larkspur:Outbox:KeyLifetime: not below 00:00:00";
    }
}
