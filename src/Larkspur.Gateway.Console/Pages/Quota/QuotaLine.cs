namespace Larkspur.Gateway.Console.Pages.Quota;

/// <summary>A line of a table of calls.</summary>
/// <param name="Name">An API, or a day.</param>
/// <param name="Note">What else is to be known of it.</param>
/// <param name="Calls">Requests.</param>
/// <param name="Counted">Those that count against the quota.</param>
/// <param name="Refused">Those that were refused.</param>
/// <param name="Today">Today's requests.</param>
public sealed record QuotaLine(string Name, string? Note, long Calls, long Counted, long Refused, long? Today);
