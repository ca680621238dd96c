using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.ApiPipeline;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A step of a template's own way, as it is drawn in the console.</summary>
/// <param name="People">Who decides; of a step to choose for, among whom one chooses, empty for everybody.</param>
/// <param name="Chosen">The originator chooses who decides.</param>
/// <param name="Method"><c>AND</c> or <c>OR</c> where there are several.</param>
internal sealed record FlowStep(string ActivityId, string Name, ImmutableArray<string> People, bool Chosen, string Method)
{
    public string ActorKey => "manual_" + ActivityId;

    public ApprovalStep For(ImmutableArray<string> people) => new(people.Length == 1 ? "NONE" : Method, people);
}

/// <summary>The approval flow of each template. Where the console drew none, the originator's leader decides, or nobody.</summary>
internal sealed class ApprovalFlows(EmulatorState state) : IResettableState
{
    private const int MostSteps = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<FlowStep>> _flows = [];

    /// <returns><see langword="false"/> when the way is as long as it can be.</returns>
    public bool Add(string processCode, FlowStep step, bool anew)
    {
        lock (_gate)
        {
            var flow = anew ? [] : _flows.GetValueOrDefault(processCode, []);
            if (flow.Length >= MostSteps) return false;
            _flows[processCode] = flow.Add(step);
            return true;
        }
    }

    public ImmutableArray<FlowStep> Of(string processCode, Person originator)
    {
        lock (_gate) if (_flows.TryGetValue(processCode, out var flow)) return flow;
        return originator.LeaderUserId is { } leader ? [new FlowStep("leader", "直接主管", [leader], Chosen: false, "OR")] : [];
    }

    /// <summary>The steps of an instance that takes the template's way, with whom the originator chose.</summary>
    /// <param name="choices"><c>targetSelectActioners</c>.</param>
    public ImmutableArray<ApprovalStep> Walk(string processCode, Person originator, JsonArray choices)
    {
        var chosen = new Dictionary<string, ImmutableArray<string>>(StringComparer.Ordinal);
        foreach (var item in choices)
        {
            if (item is not JsonObject o || o["actionerUserIds"] is not JsonArray ids) throw DingTalkRefusal.Parameter("targetSelectActioners", "is no list of actionerKey and actionerUserIds");
            chosen[o["actionerKey"]?.ToString() ?? ""] = [.. ids.Select(i => i?.ToString() ?? "")];
        }

        return [.. Of(processCode, originator).Select(step => step.For(step.Chosen ? Choice(step, chosen.GetValueOrDefault(step.ActorKey, [])) : step.People))];
    }

    public void Reset() { lock (_gate) _flows.Clear(); }

    private ImmutableArray<string> Choice(FlowStep step, ImmutableArray<string> people)
    {
        if (people.IsEmpty) throw DingTalkRefusal.New("targetSelectApproverMissing", "自选审批人缺失");
        return people.All(p => state.Person(p) is { IsResigned: false } && (step.People.IsEmpty || step.People.Contains(p))) ? people : throw DingTalkRefusal.New("targetSelectApproverScopeError", "自选审批人不在规定范围内");
    }
}
