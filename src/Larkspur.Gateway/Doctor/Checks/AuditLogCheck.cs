using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The newest lines of the audit log are as they were written. All of them: <c>larkspur audit verify</c>.</summary>
internal sealed class AuditLogCheck(AuditVerification verification) : IDoctorCheck
{
    /// <summary>Lines; so many are read within the time of a check.</summary>
    private const int Newest = 5000;

    public string Id => "audit_log";

    public LocalText Title => AuditLogCheckTexts.Title;

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var verdict = await verification.VerifyAsync(newest: Newest, cancellation: cancellation);
        if (verdict.Flaw is not { } flaw)
            return CheckResult.Ok(AuditLogCheckTexts.NewestLineFitTheirSeals(verdict.Lines), new() { ["head"] = verdict.Head });
        return CheckResult.Failed(flaw.Sentence, AuditLogCheckTexts.CompareDatabaseWithBackupAnd,
            new() { ["word"] = flaw.Word, ["line"] = flaw.Line });
    }
}
