namespace Larkspur.Samples.DemoBot;

/// <summary>A purchase request of the demonstration. The card is one for all who see it: it keeps the applicant's language.</summary>
/// <param name="Id">Made of the message's reference: a repeated attempt makes the same one.</param>
/// <param name="Requester">The platform's id of the applicant.</param>
/// <param name="RequesterName">Null: not permitted to the app.</param>
/// <param name="Locale">Of the card.</param>
internal sealed record DemoRequest(string Id, string Requester, string? RequesterName, string Locale);

/// <summary>Who did something, and when by their own clock.</summary>
/// <param name="PersonId">The platform's id.</param>
/// <param name="Name">Null: not permitted to the app.</param>
/// <param name="At">When.</param>
internal sealed record DemoMark(string PersonId, string? Name, DateTimeOffset At);

/// <summary>The one decision.</summary>
internal sealed record DemoDecision(bool Approved, DemoMark Mark);

/// <summary>A request, and what has become of it.</summary>
/// <param name="Request">The request.</param>
/// <param name="Decision">Null: there is none.</param>
/// <param name="Finance">The one question to finance; null: nobody asked.</param>
internal sealed record DemoState(DemoRequest Request, DemoDecision? Decision = null, DemoMark? Finance = null);
