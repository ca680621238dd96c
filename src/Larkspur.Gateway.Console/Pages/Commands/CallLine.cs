namespace Larkspur.Gateway.Console.Pages.Commands;

/// <summary>A call of a command as a line of the page.</summary>
/// <param name="Id">The call.</param>
/// <param name="At">When.</param>
/// <param name="Who">Who called.</param>
/// <param name="Where">On which platform, and in what kind of chat.</param>
/// <param name="Words">Behind the command.</param>
/// <param name="Entered">What was filled in; null: there is no form, or it is open.</param>
/// <param name="Kind">The colour of how it stands.</param>
/// <param name="Outcome">How it stands.</param>
/// <param name="Reference">For whoever searches.</param>
public sealed record CallLine(
    string Id, DateTimeOffset At, string Who, string Where, string Words, string? Entered, string Kind, string Outcome, string Reference);
