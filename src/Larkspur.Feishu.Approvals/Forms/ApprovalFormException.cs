namespace Larkspur.Feishu.Approvals;

/// <summary>A form that the platform would refuse, found before the call. Lists everything that is wrong. Nothing was sent.</summary>
public sealed class ApprovalFormException : ArgumentException
{
    private const int MostShown = 20;

    internal ApprovalFormException(string approvalCode, IReadOnlyList<ApprovalFormProblem> problems)
        : base(Text(approvalCode, problems)) => (ApprovalCode, Problems) = (approvalCode, problems);

    /// <summary>The definition that the form is for.</summary>
    public string ApprovalCode { get; }

    /// <summary>Everything that is wrong, in the order of the form.</summary>
    public IReadOnlyList<ApprovalFormProblem> Problems { get; }

    /// <summary>All of it for people, a line each: Chinese for <c>zh…</c>, else English.</summary>
    public string For(string? locale) => string.Join('\n', Problems.Select(p => p.Explanation.For(locale)));

    private static string Text(string approvalCode, IReadOnlyList<ApprovalFormProblem> problems)
        => $"The form for approval {approvalCode} has {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}: "
            + string.Join(" ", problems.Take(MostShown).Select(p => p.Explanation.English)) + (problems.Count > MostShown ? " …" : "");
}
