using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor;

/// <summary>One thing that may be wrong with an installation.</summary>
/// <remarks>A check changes nothing but what its own summary names. What it throws is a failed check, and logged.</remarks>
internal interface IDoctorCheck
{
    /// <summary>A snake_case word; it never changes.</summary>
    string Id { get; }

    LocalText Title { get; }

    /// <summary>Part of "Test Connection": it needs the app's id and secret only.</summary>
    bool OfConnection => false;

    /// <summary>After this long the check counts as unanswered.</summary>
    TimeSpan Deadline => TimeSpan.FromSeconds(10);

    Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation);
}
