using System.Globalization;
using Larkspur.Feishu.Api.Approval.V4;

namespace Larkspur.Gateway.Approvals;

/// <summary>What a look at an approval instance found.</summary>
internal sealed record InstanceFacts
{
    public required string InstanceCode { get; init; }

    /// <summary>The key it was created under; null: the platform did not say.</summary>
    public string? Uuid { get; init; }

    public string? ApprovalCode { get; init; }

    /// <summary>In the words of <see cref="PaymentStates"/>; null: a word of the platform that is none of them.</summary>
    public string? State { get; init; }

    /// <summary>The platform's time of the state.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Who decided last; null: nobody, or a rule.</summary>
    public Applicant? DecidedBy { get; init; }

    public string? Comment { get; init; }

    /// <summary>Tasks that wait for somebody.</summary>
    public IReadOnlyList<InstanceTask> PendingTasks { get; init; } = [];

    /// <summary>From a read of the instance.</summary>
    /// <param name="answer">What the platform said.</param>
    /// <param name="id">What was asked for: the code or the uuid.</param>
    /// <param name="now">The time of a state that the platform gives none for.</param>
    public static InstanceFacts Of(InstanceGetResponse answer, string id, DateTimeOffset now)
    {
        var state = answer.Reverted == true ? PaymentStates.Reverted : StateOf(answer.Status?.Value);
        var decided = state is not null && PaymentStates.IsDecided(state);
        var decision = decided ? answer.Timeline?.LastOrDefault(t => Decides(t.Type?.Value, state!)) : null;
        return new InstanceFacts
        {
            InstanceCode = answer.InstanceCode ?? id,
            Uuid = answer.Uuid is { Length: > 0 } uuid ? uuid : null,
            ApprovalCode = answer.ApprovalCode,
            State = state,
            At = TimeOf(decision?.CreateTime) ?? (decided ? TimeOf(answer.EndTime) : TimeOf(answer.StartTime)) ?? now,
            DecidedBy = decision is { } by && (by.OpenId is { Length: > 0 } || by.UserId is { Length: > 0 }) ? new Applicant(NullIfEmpty(by.OpenId), NullIfEmpty(by.UserId), null) : null,
            Comment = NullIfEmpty(decision?.Comment),
            PendingTasks = [.. (answer.TaskList ?? []).Where(t => t.Status?.Value == "PENDING")],
        };
    }

    /// <summary>The platform's word for an instance's status, also of events and of the query endpoint; null: an unknown one, or one that decides nothing.</summary>
    public static string? StateOf(string? status) => status switch
    {
        "PENDING" or "OVERTIME_RECOVER" => PaymentStates.Pending,
        "APPROVED" => PaymentStates.Approved,
        "REJECTED" => PaymentStates.Rejected,
        "CANCELED" or "RECALL" => PaymentStates.Canceled,
        "DELETED" => PaymentStates.Deleted,
        "REVERTED" => PaymentStates.Reverted,
        _ => null,
    };

    /// <summary>Unix milliseconds in text; null: none, or 0 for "not yet".</summary>
    public static DateTimeOffset? TimeOf(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) && ms is > 0 and < 253402300800000 ? DateTimeOffset.FromUnixTimeMilliseconds(ms) : null;

    /// <summary>The line of the platform's own time line that brought the state about.</summary>
    private static bool Decides(string? type, string state) => state switch
    {
        PaymentStates.Approved => type is "PASS" or "AUTO_PASS",
        PaymentStates.Rejected => type is "REJECT" or "AUTO_REJECT",
        PaymentStates.Canceled or PaymentStates.Reverted => type is "CANCEL",
        PaymentStates.Deleted => type is "DELETE",
        _ => false,
    };

    private static string? NullIfEmpty(string? text) => text is { Length: > 0 } ? text : null;
}
