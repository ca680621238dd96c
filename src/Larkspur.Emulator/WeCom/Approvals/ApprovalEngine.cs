using System.Collections.Immutable;
using System.Globalization;
using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.WeCom.Approvals;

/// <summary>Forms and requests, and every action that moves a request; the application hears of each as the platform tells it.</summary>
internal sealed class ApprovalEngine : IResettableState
{
    public const int MostTemplates = 500;
    public const int MostApprovals = 20_000;
    private const int MostComments = 200;
    private const int MostParts = 500;

    private readonly EmulatorState _state;
    private readonly ApprovalEvents _events;
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApprovalTemplate> _templates = new(StringComparer.Ordinal);
    private readonly Dictionary<string, WeComApproval> _approvals = new(StringComparer.Ordinal);
    private readonly Queue<string> _order = [];
    private int _count;

    public ApprovalEngine(EmulatorState state, ApprovalEvents events)
    {
        (_state, _events) = (state, events);
        Seed();
    }

    public IReadOnlyList<ApprovalTemplate> Templates { get { lock (_gate) return [.. _templates.Values]; } }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<WeComApproval> Approvals { get { lock (_gate) return [.. _order.Select(n => _approvals[n])]; } }

    public ApprovalTemplate? Template(string? id) { lock (_gate) return id is null ? null : _templates.GetValueOrDefault(id); }

    public WeComApproval? Find(string? spNo) { lock (_gate) return spNo is null ? null : _approvals.GetValueOrDefault(spNo); }

    /// <returns><see langword="false"/>: there are too many forms, or one of that name.</returns>
    public bool Put(ApprovalTemplate template)
    {
        lock (_gate)
        {
            if (_templates.Values.Any(t => t.Id != template.Id && t.Names.Any(n => template.Names.Any(o => o.Text == n.Text)))) return false;
            if (_templates.Count >= MostTemplates && !_templates.ContainsKey(template.Id)) return false;
            _templates[template.Id] = template;
            return true;
        }
    }

    /// <returns>The request under its number: the day in China and a running number.</returns>
    public WeComApproval Submit(Func<string, WeComApproval> make)
    {
        WeComApproval made;
        lock (_gate)
        {
            var day = _state.Clock.GetUtcNow().ToOffset(TimeSpan.FromHours(8)).ToString("yyyyMMdd", CultureInfo.InvariantCulture);
            made = make($"{day}{++_count:D4}");
            made = made with { At = NextStop(made, 0) };
            _approvals[made.SpNo] = made;
            _order.Enqueue(made.SpNo);
            if (_order.Count > MostApprovals) _approvals.Remove(_order.Dequeue());
            Tell(made, ApprovalChange.Submit);
        }

        return made;
    }

    /// <summary>Somebody decides.</summary>
    /// <exception cref="ControlRefusal">There is nothing to decide for them.</exception>
    public WeComApproval Decide(string spNo, string userId, bool agree, string speech) => Move(spNo, agree ? ApprovalChange.Agree : ApprovalChange.Reject, approval =>
    {
        var node = Open(approval, userId);
        if (!agree && node.Kind == ApprovalNodeKind.Handle) throw new ControlRefusal("Who handles a request cannot reject it.");
        var step = !agree ? ApprovalStep.Rejected : node.Kind == ApprovalNodeKind.Handle ? ApprovalStep.Handled : ApprovalStep.Agreed;
        node = Mark(node, userId, step, speech);
        if (!agree) return With(approval, node with { Step = step }) with { Status = ApprovalStatus.Rejected };
        if (node.Rule != ApprovalRule.Any && node.People.Any(p => p.Step == ApprovalStep.Pending)) return With(approval, node);
        var moved = With(approval, node with { Step = step });
        var next = NextStop(moved, approval.At + 1);
        return moved with { At = next, Status = next < moved.Nodes.Length ? ApprovalStatus.Pending : ApprovalStatus.Passed };
    });

    /// <summary>Somebody else is to decide.</summary>
    /// <inheritdoc cref="Decide"/>
    public WeComApproval Transfer(string spNo, string userId, string to, string speech) => Move(spNo, ApprovalChange.Transfer, approval =>
    {
        var node = Open(approval, userId);
        if (node.People.Any(p => p.UserId == to)) throw new ControlRefusal($"{to} is in this node already.");
        if (node.People.Length >= MostParts) throw new ControlRefusal("This node has too many people already.");
        node = Mark(node, userId, ApprovalStep.Transferred, speech);
        var at = node.People.IndexOf(node.People.First(p => p.UserId == userId));
        return With(approval, node with { People = node.People.Insert(at + 1, new ApprovalPart(to)) });
    });

    /// <summary>The applicant takes it back, also after it passed.</summary>
    /// <inheritdoc cref="Decide"/>
    public WeComApproval Withdraw(string spNo, string userId)
    {
        var passed = Find(spNo)?.Status == ApprovalStatus.Passed;
        return Move(spNo, passed ? ApprovalChange.WithdrawAfterPass : ApprovalChange.Withdraw, approval =>
        {
            if (approval.Applicant != userId) throw new ControlRefusal("Only who asked can withdraw.");
            if (approval.Status != (passed ? ApprovalStatus.Passed : ApprovalStatus.Pending)) throw new ControlRefusal("It is decided or withdrawn already.");
            return approval with { Status = passed ? ApprovalStatus.WithdrawnAfterPass : ApprovalStatus.Withdrawn };
        });
    }

    /// <inheritdoc cref="Decide"/>
    public WeComApproval Urge(string spNo, string userId) => Move(spNo, ApprovalChange.Urge, approval =>
        approval.Applicant == userId && approval.Status == ApprovalStatus.Pending ? approval : throw new ControlRefusal("Only who asked can urge, while it is not decided."));

    /// <inheritdoc cref="Decide"/>
    public WeComApproval Comment(string spNo, string userId, string text) => Move(spNo, ApprovalChange.Comment, approval =>
    {
        if (!approval.Concerns(userId)) throw new ControlRefusal($"{userId} has no part in it.");
        if (approval.Comments.Length >= MostComments) throw new ControlRefusal("It has too many comments already.");
        return approval with { Comments = approval.Comments.Add(new ApprovalComment(_state.Ids.Next("")[..19], userId, text, _state.Clock.GetUtcNow())) };
    });

    public void Reset()
    {
        lock (_gate)
        {
            _templates.Clear();
            _approvals.Clear();
            _order.Clear();
            _count = 0;
            Seed();
        }
    }

    private void Seed()
    {
        foreach (var template in SeededForms.All) _templates[template.Id] = template;
    }

    private WeComApproval Move(string spNo, ApprovalChange what, Func<WeComApproval, WeComApproval> change)
    {
        lock (_gate)
        {
            var after = _approvals[spNo] = change(_approvals.GetValueOrDefault(spNo) ?? throw new ControlRefusal($"There is no approval {spNo}."));
            Tell(after, what);
            return after;
        }
    }

    /// <remarks>Under the lock: what happened first is told first.</remarks>
    private void Tell(WeComApproval approval, ApprovalChange what)
    {
        _state.Announce(ChangeKind.ApprovalChanged);
        _events.Tell(approval, what);
    }

    private static ApprovalNode Open(WeComApproval approval, string userId) =>
        approval.Deciders.Contains(userId) ? approval.Nodes[approval.At] : throw new ControlRefusal($"There is nothing to decide for {userId} in {approval.SpNo}.");

    private ApprovalNode Mark(ApprovalNode node, string userId, ApprovalStep step, string speech)
    {
        var part = node.Open.First(p => p.UserId == userId);
        return node with { People = node.People.Replace(part, part with { Step = step, Speech = speech, At = _state.Clock.GetUtcNow() }) };
    }

    private static WeComApproval With(WeComApproval approval, ApprovalNode node) => approval with { Nodes = approval.Nodes.SetItem(approval.At, node) };

    /// <summary>From this node on, the first where somebody has to do something.</summary>
    private static int NextStop(WeComApproval approval, int from)
    {
        while (from < approval.Nodes.Length && approval.Nodes[from].Kind == ApprovalNodeKind.Notify) from++;
        return from;
    }
}
