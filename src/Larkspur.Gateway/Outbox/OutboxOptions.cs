namespace Larkspur.Gateway.Outbox;

/// <summary>How the sender behaves. Section <c>Larkspur:Outbox</c>.</summary>
public sealed class OutboxOptions
{
    /// <summary>False: rows are kept and nothing is sent. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>Calls of one endpoint under way at once. Default 64: at 50 a second answers may take more than a second before they cost rate.</summary>
    public int Parallelism { get; set; } = 64;

    /// <summary>Rows of each class held in memory; more wait in the database. Default 10,000.</summary>
    public int Capacity { get; set; } = 10_000;

    /// <summary>Callbacks held in memory for each destination; more wait in the database. Default 1,000.</summary>
    public int CallbackCapacity { get; set; } = 1_000;

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
}
