namespace Larkspur.Gateway.Doctor;

/// <summary>What a run found.</summary>
/// <param name="App">The app's name in the settings; null: credentials that are not stored.</param>
/// <param name="At">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Checks">In the order of the checks.</param>
internal sealed record DoctorReport(string? App, DateTimeOffset At, TimeSpan Took, IReadOnlyList<CheckedItem> Checks)
{
    /// <summary>The worst of them.</summary>
    public CheckStatus Status => Checks.Select(c => c.Result.Status).DefaultIfEmpty(CheckStatus.Ok).Max() is var worst && worst < CheckStatus.Ok ? CheckStatus.Ok : worst;
}

/// <summary>A check and its result.</summary>
internal sealed record CheckedItem(IDoctorCheck Check, CheckResult Result, TimeSpan Took);
