namespace Larkspur.WeCom.Approvals;

/// <summary>One node of the way that an application names.</summary>
/// <param name="Kind">What its people are there for.</param>
/// <param name="Rule">How several decide.</param>
/// <param name="UserIds">Who.</param>
public sealed record ProcessNode(ApprovalNodeKind Kind, ApprovalRule Rule, IReadOnlyList<string> UserIds)
{
    /// <summary>All of them decide.</summary>
    public static ProcessNode All(params IEnumerable<string> userIds) => new(ApprovalNodeKind.Approve, ApprovalRule.All, [.. userIds]);

    /// <summary>Any one of them decides.</summary>
    public static ProcessNode Any(params IEnumerable<string> userIds) => new(ApprovalNodeKind.Approve, ApprovalRule.Any, [.. userIds]);

    /// <summary>They decide one after the other.</summary>
    public static ProcessNode InTurn(params IEnumerable<string> userIds) => new(ApprovalNodeKind.Approve, ApprovalRule.InTurn, [.. userIds]);

    /// <summary>They are told.</summary>
    public static ProcessNode Notify(params IEnumerable<string> userIds) => new(ApprovalNodeKind.Notify, ApprovalRule.All, [.. userIds]);
}

/// <summary>A request that is to be submitted.</summary>
public sealed record ApprovalApplication
{
    /// <summary>Who asks; in the app's visible range.</summary>
    public required string CreatorUserId { get; init; }

    /// <summary>The form.</summary>
    public required string TemplateId { get; init; }

    /// <summary>What is filled in.</summary>
    public required ApprovalForm Form { get; init; }

    /// <summary>1 to 3 lines that lists and notices show; the platform suggests 20 characters a line.</summary>
    public required IReadOnlyList<LocalizedText> Summary { get; init; }

    /// <summary>Who decides; null: as the administrator set it for the form.</summary>
    public IReadOnlyList<ProcessNode>? Process { get; init; }

    /// <summary>One of the applicant's departments; null: the main one.</summary>
    public long? Department { get; init; }

    internal object Body()
    {
        var problems = new ContentProblems();
        problems.Required("creator_userid", CreatorUserId);
        problems.Required("template_id", TemplateId);
        problems.Count("summary_list", Summary, 1, 3);
        Form.Judge(problems);
        if (Process is not null)
        {
            if (Process.All(n => n.Kind == ApprovalNodeKind.Notify)) problems.Add("process", "has nobody who decides");
            if (Process.Any(n => n.UserIds.Count == 0)) problems.Add("process", "has a node without people");
        }

        problems.ThrowIfAny();
        return new
        {
            creator_userid = CreatorUserId, template_id = TemplateId, use_template_approver = Process is null ? 1 : 0, choose_department = Department,
            process = Process is null ? null : new { node_list = Process.Select(n => new { type = (int)n.Kind, apv_rel = n.Kind == ApprovalNodeKind.Notify ? (int?)null : (int)n.Rule, userid = n.UserIds }) },
            apply_data = new { contents = Form.Contents.Where(c => c.Value is not FormulaValue) }, summary_list = Summary.Select(s => new { summary_info = new[] { s } }),
        };
    }
}
