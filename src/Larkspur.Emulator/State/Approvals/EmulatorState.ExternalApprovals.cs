using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.State;

/// <summary>Requests of other systems.</summary>
public sealed partial class EmulatorState
{
    private readonly Dictionary<string, ExternalApproval> _externalApprovals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<(string Code, string InstanceId), ExternalInstance> _externalInstances = [];

    public IReadOnlyList<ExternalApproval> ExternalApprovals { get { lock (_gate) return [.. _externalApprovals.Values]; } }

    public IReadOnlyList<ExternalInstance> ExternalInstances { get { lock (_gate) return [.. _externalInstances.Values.OrderBy(i => i.StartTime)]; } }

    public ExternalApproval? ExternalApproval(string code) { lock (_gate) return _externalApprovals.GetValueOrDefault(code); }

    public ExternalInstance? ExternalInstance(string code, string instanceId) { lock (_gate) return _externalInstances.GetValueOrDefault((code, instanceId)); }

    /// <returns>False when there are too many already.</returns>
    public bool Put(ExternalApproval approval)
    {
        lock (_gate)
        {
            if (_externalApprovals.Count >= MostApprovalDefinitions && !_externalApprovals.ContainsKey(approval.Code)) return false;
            _externalApprovals[approval.Code] = approval;
            return true;
        }
    }

    /// <returns>What is kept: the given state, or the newer one that is known already.</returns>
    public ExternalInstance? Put(ExternalInstance instance)
    {
        lock (_gate)
        {
            if (_externalInstances.TryGetValue((instance.Code, instance.InstanceId), out var known) && known.UpdateTime > instance.UpdateTime) return known;
            if (known is null && _externalInstances.Count >= MostApprovalInstances) return null;
            _externalInstances[(instance.Code, instance.InstanceId)] = instance;
        }

        Announce(ChangeKind.ApprovalChanged);
        return instance;
    }
}
