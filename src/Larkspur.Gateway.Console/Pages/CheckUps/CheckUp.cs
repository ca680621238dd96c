using System.Text.Json.Nodes;
using Larkspur.Gateway.Doctor;

namespace Larkspur.Gateway.Console.Pages.CheckUps;

/// <summary>A doctor's report as pages show it.</summary>
public sealed class CheckUp
{
    internal CheckUp(DoctorReport report) => Report = report;

    internal DoctorReport Report { get; }

    /// <summary>The checks that ended so, in their order.</summary>
    internal CheckedItem[] Of(CheckStatus status) => [.. Report.Checks.Where(c => c.Result.Status == status)];

    /// <summary>The scopes that a check names as missing or superfluous.</summary>
    internal static IReadOnlyList<string> ScopesOf(CheckResult result) =>
        [.. ((result.Detail?["missing"] ?? result.Detail?["superfluous"]) as JsonArray ?? []).OfType<JsonValue>().Select(n => n.ToString())];

    /// <summary>Where to mend it; what is not a web address is no link.</summary>
    internal static string? LinkOf(CheckResult result) => Uri.TryCreate(result.Link, UriKind.Absolute, out var link) && link.Scheme is "https" or "http" ? result.Link : null;
}
