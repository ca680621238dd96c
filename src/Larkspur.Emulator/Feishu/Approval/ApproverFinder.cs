using System.Collections.Immutable;
using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.Feishu.Approval;

/// <summary>Finds out who decides at every node of a new request.</summary>
internal sealed class ApproverFinder(EmulatorState state)
{
    private const int HighestLevel = 20;

    /// <param name="chosen">Whom the submitter chose, by node id or custom id.</param>
    /// <param name="chosenCopies">Whom the submitter lets have a copy, the same way.</param>
    public ImmutableArray<NodeAssignees> Find(
        ApprovalDefinition definition, Person submitter, string? department, IReadOnlyDictionary<string, ImmutableArray<string>> chosen, IReadOnlyDictionary<string, ImmutableArray<string>> chosenCopies)
    {
        foreach (var key in chosen.Keys.Concat(chosenCopies.Keys).Where(k => definition.Nodes.All(n => n.NodeId != k && n.CustomId != k) && k is not ("START" or "END")))
        {
            throw ApprovalRefusal.Bad($"node key {key} is not a node of this approval", $"节点 {key} 不属于该审批定义");
        }

        return [.. definition.Nodes.Select(n => new NodeAssignees(Approvers(n, submitter, department, Of(chosen, n)), Copies(n, submitter, department, Of(chosenCopies, n))))];
    }

    private ImmutableArray<string> Approvers(ApprovalNode node, Person submitter, string? department, ImmutableArray<string> chosen)
    {
        List<string> found = [];
        foreach (var approver in node.Approvers)
        {
            if (approver.Kind == ApproverKind.Free) found.AddRange(Chosen(node, chosen));
            else if (One(approver, submitter, department) is { } user) found.Add(user);
        }

        return [.. found.Select(u => u == submitter.UserId ? Instead(node.OwnRequest, submitter, department) : u).OfType<string>().Distinct()];
    }

    private ImmutableArray<string> Copies(ApprovalNode node, Person submitter, string? department, ImmutableArray<string> chosen) =>
        [.. node.CopiedTo.Where(c => c.Kind != ApproverKind.Free).Select(c => One(c, submitter, department)).OfType<string>().Concat(chosen).Distinct()];

    private static IEnumerable<string> Chosen(ApprovalNode node, ImmutableArray<string> chosen)
    {
        var name = node.CustomId.Length > 0 ? node.CustomId : node.NodeId;
        if (chosen.IsEmpty) throw ApprovalRefusal.Bad($"node {name} needs an approver chosen by the submitter", $"节点 {name} 需要由发起人选择审批人");
        if (chosen.Length > 1 && !node.ChosenMulti) throw ApprovalRefusal.Bad($"node {name} takes one approver only", $"节点 {name} 只能选择一位审批人");
        if (!node.ChosenFrom.IsEmpty && chosen.FirstOrDefault(c => !node.ChosenFrom.Contains(c)) is { } outside) throw ApprovalRefusal.Bad($"{outside} cannot be chosen at node {name}", $"节点 {name} 不能选择 {outside}");
        return chosen;
    }

    private string? One(Approver approver, Person submitter, string? department) => approver.Kind switch
    {
        ApproverKind.Personal => state.Person(approver.UserId ?? "") is { IsResigned: false } person ? person.UserId : null,
        ApproverKind.Supervisor => At(Supervisors(submitter), approver.Level),
        ApproverKind.SupervisorTopDown => At(Supervisors(submitter).Reverse(), approver.Level),
        ApproverKind.DepartmentManager => At(Managers(submitter, department), approver.Level),
        ApproverKind.DepartmentManagerTopDown => At(Managers(submitter, department).Reverse(), approver.Level),
        _ => null,
    };

    private string? Instead(OwnRequest rule, Person submitter, string? department) => rule switch
    {
        OwnRequest.AutoPass => null,
        OwnRequest.Supervisor => At(Supervisors(submitter), 1),
        OwnRequest.DepartmentManager => Managers(submitter, department).FirstOrDefault(m => m != submitter.UserId),
        _ => submitter.UserId,
    };

    private IEnumerable<string> Supervisors(Person person)
    {
        HashSet<string> seen = [person.UserId];
        for (var leader = person.LeaderUserId; leader is not null && seen.Add(leader) && seen.Count <= HighestLevel; leader = state.Person(leader)?.LeaderUserId) yield return leader;
    }

    private IEnumerable<string> Managers(Person person, string? department)
    {
        var at = department ?? person.DepartmentIds.FirstOrDefault();
        for (var i = 0; i < HighestLevel && state.Departments.FirstOrDefault(d => d.OpenDepartmentId == at) is { } found; i++, at = found.ParentOpenDepartmentId)
        {
            if (found.LeaderUserId is { } leader) yield return leader;
        }
    }

    private static string? At(IEnumerable<string> people, int level) => people.ElementAtOrDefault(level - 1);

    private static ImmutableArray<string> Of(IReadOnlyDictionary<string, ImmutableArray<string>> lists, ApprovalNode node) =>
        lists.TryGetValue(node.NodeId, out var byId) ? byId : node.CustomId.Length > 0 && lists.TryGetValue(node.CustomId, out var byName) ? byName : [];
}
