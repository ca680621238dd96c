namespace Larkspur.Gateway.People.Handover;

/// <summary>Something that stands open for a person.</summary>
/// <param name="Kind">Of <see cref="HandoverKinds"/>.</param>
/// <param name="Id">By which it is found where its kind is.</param>
/// <param name="Name">For people; null: it has none.</param>
/// <param name="State">In its kind's own words.</param>
/// <param name="Since">When it began; null: nobody knows.</param>
internal sealed record HandoverItem(string Kind, string Id, string? Name, string State, DateTimeOffset? Since)
{
    /// <summary>What a key needs to see it.</summary>
    public required string Scope { get; init; }

    /// <summary>The business system whose it is; empty: no single one's.</summary>
    public string Owner { get; init; } = "";

    /// <summary>The app that it goes by; null: none.</summary>
    public string? App { get; init; }
}

/// <summary>The kinds.</summary>
internal static class HandoverKinds
{
    /// <summary>A key that they hold: it has ended, and waits for another holder.</summary>
    public const string ApiKey = "api_key";

    /// <summary>A key that they made in the console: they have seen its secret.</summary>
    public const string ApiKeyMade = "api_key_made";

    /// <summary>Their log-in to the console.</summary>
    public const string ConsoleAccount = "console_account";

    /// <summary>A payment that they submitted and that is not decided.</summary>
    public const string Payment = "payment";

    /// <summary>A notification that waits for their decision.</summary>
    public const string Notification = "notification";

    /// <summary>An approval on the platform that waits for their decision.</summary>
    public const string ApprovalTask = "approval_task";

    /// <summary>An approval on the platform that they began and that is not decided.</summary>
    public const string Approval = "approval";

    public static readonly string[] All = [ConsoleAccount, ApiKey, ApiKeyMade, Payment, Notification, ApprovalTask, Approval];
}
