using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Who decides a request: named by the call (<c>process</c>, or <c>approver</c> and <c>notifyer</c> as before 2024), or by its form.</summary>
internal sealed class ProcessReader(WeComCorp corp)
{
    /// <summary>The platform does not publish its numbers.</summary>
    private const int MostNodes = 50;
    private const int MostPeople = 100;

    /// <exception cref="WeComRefusal">301025.</exception>
    public ImmutableArray<ApprovalNode> Read(JsonObject body, ApprovalTemplate template, string applicant)
    {
        var nodes = WeComJson.Number(body, "use_template_approver") switch
        {
            1 => OfTemplate(template, applicant),
            null or 0 when WeComJson.Object(body, "process") is { } process => [.. (WeComJson.Objects(process, "node_list") ?? []).Select(Node)],
            null or 0 => Older(body),
            _ => throw ApprovalRefusal.Param("use_template_approver is 0 or 1"),
        };
        if (nodes.Length > MostNodes) throw ApprovalRefusal.Param($"a process has {MostNodes} nodes at most");
        return nodes.All(n => n.Kind == ApprovalNodeKind.Notify) ? throw ApprovalRefusal.Param("nobody is to approve: process is missing") : nodes;
    }

    /// <summary>As an administrator sets them for a form: <c>[["bob"],["carol","alice"]]</c> is Bob, then Carol or Alice.</summary>
    public ImmutableArray<ApprovalNode> OfLists(IEnumerable<IReadOnlyList<string>> lists) => [.. lists.Select(l => Of(ApprovalNodeKind.Approve, ApprovalRule.Any, l))];

    private ImmutableArray<ApprovalNode> OfTemplate(ApprovalTemplate template, string applicant)
    {
        if (template.Nodes.Length > 0) return template.Nodes;
        var leader = corp.Member(applicant)?.LeaderUserId is { } id ? corp.Member(id) : null;
        leader ??= corp.Members.FirstOrDefault(p => p.IsTenantManager) ?? throw ApprovalRefusal.Param("the form has no approver");
        return OfLists([[leader.UserId]]);
    }

    private ApprovalNode Node(JsonObject node)
    {
        var (type, rule) = (WeComJson.Number(node, "type"), WeComJson.Number(node, "apv_rel"));
        if (type is not (>= 1 and <= 3)) throw ApprovalRefusal.Param("type of a node is 1, 2 or 3");
        if (type != 2 && rule is not (>= 1 and <= 3)) throw ApprovalRefusal.Param("apv_rel of a node is 1, 2 or 3");
        return Of((ApprovalNodeKind)type.Value, (ApprovalRule)(rule ?? 1), WeComJson.Texts(node, "userid"));
    }

    private ImmutableArray<ApprovalNode> Older(JsonObject body)
    {
        var approvers = (WeComJson.Objects(body, "approver") ?? []).Select(a => WeComJson.Number(a, "attr") switch
        {
            1 => Of(ApprovalNodeKind.Approve, ApprovalRule.Any, WeComJson.Texts(a, "userid")),
            2 => Of(ApprovalNodeKind.Approve, ApprovalRule.All, WeComJson.Texts(a, "userid")),
            _ => throw ApprovalRefusal.Param("attr of an approver is 1 or 2"),
        });
        if (WeComJson.Number(body, "notify_type") is not (null or >= 1 and <= 3)) throw ApprovalRefusal.Param("notify_type is 1, 2 or 3");
        var notified = WeComJson.Texts(body, "notifyer");
        return notified.Count == 0 ? [.. approvers] : [.. approvers, Of(ApprovalNodeKind.Notify, ApprovalRule.All, notified)];
    }

    private ApprovalNode Of(ApprovalNodeKind kind, ApprovalRule rule, IReadOnlyList<string> userIds)
    {
        if (userIds.Count is 0 or > MostPeople) throw ApprovalRefusal.Param($"a node has 1 to {MostPeople} people");
        var people = userIds.Select(u => corp.Member(u)?.UserId ?? throw ApprovalRefusal.Param($"approver {u} does not exist")).ToArray();
        return people.Distinct(StringComparer.Ordinal).Count() == people.Length ? new ApprovalNode(kind, rule, [.. people.Select(p => new ApprovalPart(p))]) : throw ApprovalRefusal.Param("somebody is in a node twice");
    }
}
