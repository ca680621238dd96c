namespace Larkspur.Gateway.Bots.ApproveDemo;

/// <summary>A purchase request of the demonstration and what became of it.</summary>
internal sealed record DemoRequest
{
    public required string Id { get; init; }

    public required string App { get; init; }

    /// <summary>Open id of the applicant.</summary>
    public required string Requester { get; init; }

    public string? RequesterName { get; init; }

    /// <summary>The card is one for all who see it: it keeps the applicant's language.</summary>
    public required Language Language { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The one decision, or null.</summary>
    public DemoDecision? Decision { get; init; }

    /// <summary>The one question to finance, or null.</summary>
    public DemoMark? Finance { get; init; }
}

/// <summary>Who did something, and when by their own clock.</summary>
/// <param name="PersonId">Open id.</param>
/// <param name="Name">Name, when the app may see it.</param>
/// <param name="Clock">Hours and minutes in the person's time zone.</param>
internal sealed record DemoMark(string PersonId, string? Name, string Clock);

/// <summary>A decision.</summary>
internal sealed record DemoDecision(bool Approved, DemoMark Mark);
