using System.Collections.Frozen;

namespace Larkspur.Gateway.Approvals;

/// <summary>The states of a payment, and which may follow which.</summary>
internal static class PaymentStates
{
    /// <summary>Durable here; the platform has not told of an instance yet.</summary>
    public const string Submitting = "submitting";

    /// <summary>An instance exists and is not decided.</summary>
    public const string Pending = "pending";

    public const string Approved = "approved";
    public const string Rejected = "rejected";

    /// <summary>Withdrawn by its submitter.</summary>
    public const string Canceled = "canceled";

    /// <summary>Taken away by an administrator of the platform.</summary>
    public const string Deleted = "deleted";

    /// <summary>Approved, and undone afterwards.</summary>
    public const string Reverted = "reverted";

    /// <summary>No instance could be made. An operator may replay the call: then it goes on.</summary>
    public const string Failed = "failed";

    public static IReadOnlyList<string> All { get; } = [Submitting, Pending, Approved, Rejected, Canceled, Deleted, Reverted, Failed];

    private static readonly FrozenDictionary<string, int> Ranks = new Dictionary<string, int>
    {
        [Failed] = 0, [Submitting] = 0, [Pending] = 1, [Approved] = 2, [Rejected] = 2, [Canceled] = 2, [Reverted] = 3, [Deleted] = 4,
    }.ToFrozenDictionary();

    /// <summary>Somebody decided it; each decision is told to the business system.</summary>
    public static bool IsDecided(string state) => Ranks[state] >= 2;

    /// <summary>
    /// Whether what was seen on the platform takes the place of what is known. A look may be older than what is known (events come twice and in any order, and
    /// looks overtake each other), so nothing goes back: what is undecided never undoes a decision, and only a revocation or a deletion does. Two decisions of
    /// one rank: the platform's later time wins.
    /// </summary>
    /// <param name="known">The state on record.</param>
    /// <param name="knownAt">The platform's time of it.</param>
    /// <param name="seen">The state that was seen.</param>
    /// <param name="seenAt">The platform's time of that.</param>
    public static bool Follows(string known, DateTimeOffset knownAt, string seen, DateTimeOffset seenAt) =>
        known != seen && (Ranks[seen] > Ranks[known] || (Ranks[seen] == Ranks[known] && IsDecided(seen) && seenAt > knownAt));
}
