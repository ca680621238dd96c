namespace Larkspur.Gateway.Inbox;

/// <summary>How an inbound event ended. Every inbox row gets one.</summary>
/// <param name="Name">The recorded word.</param>
/// <param name="Reason">Why, for outcomes that need it; a metric label, so a word and not a sentence.</param>
public readonly record struct Outcome(string Name, string? Reason = null)
{
    /// <summary>The person got what was asked for.</summary>
    public static readonly Outcome Answered = new("answered");

    /// <summary>The assistant was asked; the turn tells how that ended.</summary>
    public static readonly Outcome Asked = new("asked");

    /// <summary>The person was told that it failed.</summary>
    public static Outcome FailedTold(string reason) => new("failed_told", reason);

    /// <summary>It failed and there is nobody to tell (no chat, no person): the operator finds it by its reference.</summary>
    public static Outcome Failed(string reason) => new("failed", reason);

    /// <summary>The person was told why not.</summary>
    public static Outcome Refused(string reason) => new("refused", reason);

    /// <summary>Nothing is to be done.</summary>
    public static Outcome Ignored(string reason) => new("ignored", reason);

    /// <summary>It waited so long that an answer would only confuse; its chat was told once that it had.</summary>
    public static readonly Outcome Stale = new("stale");

    /// <summary>An operator decided that nothing more is done.</summary>
    public static readonly Outcome Discarded = new("discarded");
}
