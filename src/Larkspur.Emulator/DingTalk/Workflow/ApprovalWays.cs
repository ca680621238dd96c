using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A step of a template's own way, as it is drawn in the console.</summary>
/// <param name="People">Who decides; of a step to choose for, among whom one chooses, empty for everybody.</param>
/// <param name="Chosen">The originator chooses who decides.</param>
/// <param name="Method"><c>AND</c> or <c>OR</c> where there are several.</param>
internal sealed record WayStep(string ActivityId, string Name, ImmutableArray<string> People, bool Chosen, string Method)
{
    public string ActorKey => "manual_" + ActivityId;

    public ApprovalStep For(ImmutableArray<string> people) => new(people.Length == 1 ? "NONE" : Method, people);
}

/// <summary>Ways of templates. Where nothing is drawn, the originator's leader decides, or nobody.</summary>
internal sealed class ApprovalWays(EmulatedWorld world)
{
    private const int MostSteps = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ImmutableArray<WayStep>> _ways = [];

    /// <returns><see langword="false"/> when the way is as long as it can be.</returns>
    public bool Add(string processCode, WayStep step, bool anew)
    {
        lock (_gate)
        {
            var way = anew ? [] : _ways.GetValueOrDefault(processCode, []);
            if (way.Length >= MostSteps) return false;
            _ways[processCode] = way.Add(step);
            return true;
        }
    }

    public ImmutableArray<WayStep> Of(string processCode, Person originator)
    {
        lock (_gate) if (_ways.TryGetValue(processCode, out var way)) return way;
        return originator.LeaderUserId is { } leader ? [new WayStep("leader", "直接主管", [leader], Chosen: false, "OR")] : [];
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

    public void Clear() { lock (_gate) _ways.Clear(); }

    private ImmutableArray<string> Choice(WayStep step, ImmutableArray<string> people)
    {
        if (people.IsEmpty) throw DingTalkRefusal.New("targetSelectApproverMissing", "自选审批人缺失");
        return people.All(p => world.Person(p) is { IsResigned: false } && (step.People.IsEmpty || step.People.Contains(p))) ? people : throw DingTalkRefusal.New("targetSelectApproverScopeError", "自选审批人不在规定范围内");
    }
}
