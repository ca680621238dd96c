namespace Larkspur.Gateway.Outbox;

/// <summary>Decides what may leave while an app has to save calls. Asked often, and under locks: it answers from memory.</summary>
public interface ISendPolicy
{
    /// <summary>What happens to a class of messages of an app now.</summary>
    SendDecision Decide(string platform, string app, OutboxPriority priority);
}

/// <summary>What happens to a class of messages.</summary>
public enum SendDecision
{
    /// <summary>It goes.</summary>
    Go,

    /// <summary>It waits until it may go, or is too old.</summary>
    Wait,

    /// <summary>Frames in between end as superseded: the final one tells everything. Other classes wait.</summary>
    Drop,
}
