using System.ComponentModel;
using Larkspur.Gateway.Common.Refusals;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>How a message is sent, as it stands in the address.</summary>
internal readonly record struct SendQuery
{
    [Description("The app that sends it, by its configured name; default: the default app. The body may name it too")]
    [FromQuery(Name = "app")]
    public string? App { get; init; }

    [Description("Seconds to wait for the outcome, 0 to 20; default 0")]
    [FromQuery(Name = "wait")]
    public double? Wait { get; init; }

    [Description("False: a card is sent although its validation found errors")]
    [FromQuery(Name = "validate")]
    public bool? Checked { get; init; }

    public bool Validate => Checked ?? true;

    public TimeSpan Time => WaitQuery.Read(Wait);

    /// <summary>Asks for <see cref="Time"/> before anything is queued.</summary>
    /// <exception cref="RequestRefusedException">It is no number of seconds that may be waited.</exception>
    public void DemandTime() => WaitQuery.Read(Wait);

    /// <summary>The app's name: in the body or in the address.</summary>
    public string? AppOf(string? inBody) => inBody is null || App is null || inBody == App ? inBody ?? App
        : throw RequestRefusedException.Malformed("two_apps", "/app", "The address names another app than the body.");
}

/// <summary>How long a look waits.</summary>
internal readonly record struct WaitQuery
{
    private const double Longest = 20;

    [Description("Seconds to wait for the outcome, 0 to 20; default 0")]
    [FromQuery(Name = "wait")]
    public double? Wait { get; init; }

    public TimeSpan Time => Read(Wait);

    public static TimeSpan Read(double? seconds) => seconds is null ? TimeSpan.Zero
        : seconds is >= 0 and <= Longest ? TimeSpan.FromSeconds(seconds.Value)
        : throw RequestRefusedException.Malformed("bad_wait", "?wait", "wait has seconds from 0 to 20.");
}
