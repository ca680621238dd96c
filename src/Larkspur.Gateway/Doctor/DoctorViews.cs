using System.Text.Json;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>What a run found.</summary>
internal sealed record DoctorReportView
{
    /// <summary>The worst of the checks: <c>ok</c>, <c>warning</c> or <c>failed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The app's name in the settings; null: credentials that are not stored.</summary>
    public string? App { get; init; }

    /// <summary>When it began.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>How long it took, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>How many checks ended in which way.</summary>
    public required DoctorCountsView Counts { get; init; }

    public required IReadOnlyList<DoctorCheckView> Checks { get; init; }

    public static DoctorReportView Of(DoctorReport report) => new()
    {
        Status = CheckResult.Word(report.Status),
        App = report.App,
        At = report.At,
        Seconds = Math.Round(report.Took.TotalSeconds, 3),
        Counts = new(Count(report, CheckStatus.Ok), Count(report, CheckStatus.Warning), Count(report, CheckStatus.Failed), Count(report, CheckStatus.Skipped)),
        Checks = [.. report.Checks.Select(DoctorCheckView.Of)],
    };

    private static int Count(DoctorReport report, CheckStatus status) => report.Checks.Count(c => c.Result.Status == status);
}

/// <summary>How many checks ended in which way.</summary>
internal sealed record DoctorCountsView(int Ok, int Warning, int Failed, int Skipped);

/// <summary>A check's result.</summary>
internal sealed record DoctorCheckView
{
    /// <summary>A word that never changes.</summary>
    public required string Id { get; init; }

    public required DoctorTextView Title { get; init; }

    /// <summary><c>ok</c>, <c>warning</c>, <c>failed</c> or <c>skipped</c>.</summary>
    public required string Status { get; init; }

    /// <summary>What is so, and how the doctor knows.</summary>
    public required DoctorTextView Finding { get; init; }

    /// <summary>What to do; there is always one for a warning and a failure.</summary>
    public DoctorTextView? Fix { get; init; }

    /// <summary>Where to do it.</summary>
    public string? Link { get; init; }

    /// <summary>Figures and names for programs; its members depend on the check.</summary>
    public JsonElement? Detail { get; init; }

    /// <summary>How long it took.</summary>
    public required double Seconds { get; init; }

    public static DoctorCheckView Of(CheckedItem item) => new()
    {
        Id = item.Check.Id,
        Title = DoctorTextView.Of(item.Check.Title),
        Status = CheckResult.Word(item.Result.Status),
        Finding = DoctorTextView.Of(item.Result.Finding),
        Fix = item.Result.Fix is { } fix ? DoctorTextView.Of(fix) : null,
        Link = item.Result.Link,
        Detail = item.Result.Detail is { } detail ? JsonSerializer.SerializeToElement(detail) : null,
        Seconds = Math.Round(item.Took.TotalSeconds, 3),
    };
}

/// <summary>A text in Chinese and in English.</summary>
internal sealed record DoctorTextView(string Zh, string En)
{
    public static DoctorTextView Of(LocalText text) => new(text.Chinese, text.English);
}
