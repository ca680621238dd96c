using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Gateway.Doctor.Checks;

/// <summary>The newest lines of the audit log are as they were written. All of them: <c>larkspur audit verify</c>.</summary>
internal sealed class AuditLogCheck(AuditVerification verification) : IDoctorCheck
{
    /// <summary>Lines; so many are read within the time of a check.</summary>
    private const int Newest = 5000;

    public string Id => "audit_log";

    public LocalText Title => new("审计日志", "Audit log");

    public async Task<CheckResult> RunAsync(Examination of, CancellationToken cancellation)
    {
        var verdict = await verification.VerifyAsync(newest: Newest, cancellation: cancellation);
        if (verdict.Flaw is not { } flaw) return CheckResult.Ok($"最新的 {verdict.Lines} 行与其封印一致",
            $"The newest {CheckResult.Count(verdict.Lines, "line")} fit their seals", new() { ["head"] = verdict.Head });
        return CheckResult.Failed(flaw.Sentence, new("把数据库与备份对照，查明谁能写入数据库；见 docs/operations.md 的“审计日志”",
            "Compare the database with a backup and find out who can write it; see docs/operations.md, The audit log"),
            new() { ["word"] = flaw.Word, ["line"] = flaw.Line });
    }
}
