using Larkspur.Emulator.State.Approvals;

namespace Larkspur.Emulator.State;

/// <summary>Requests for approval: what kinds there are, which are on their way, and which apps hear of them.</summary>
public sealed partial class EmulatorState
{
    public const int MostApprovalDefinitions = 1000;
    public const int MostApprovalInstances = 20_000;

    private readonly Dictionary<string, ApprovalDefinition> _approvals = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, ApprovalInstance> _approvalInstances = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<(string AppId, string Code)> _approvalSubscriptions = [];

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ApprovalDefinition> Approvals { get { lock (_gate) return [.. _approvals.Values]; } }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<ApprovalInstance> ApprovalInstances { get { lock (_gate) return [.. _approvalInstances.Values.OrderBy(i => i.StartTime)]; } }

    public IReadOnlyList<(string AppId, string Code)> ApprovalSubscriptions { get { lock (_gate) return [.. _approvalSubscriptions.Order()]; } }

    public ApprovalDefinition? Approval(string code) { lock (_gate) return _approvals.GetValueOrDefault(code); }

    /// <summary>By its code, or by the uuid that its maker gave.</summary>
    public ApprovalInstance? ApprovalInstance(string codeOrUuid)
    {
        lock (_gate)
        {
            return _approvalInstances.GetValueOrDefault(codeOrUuid)
                ?? (codeOrUuid.Length == 0 ? null : _approvalInstances.Values.FirstOrDefault(i => i.Uuid == codeOrUuid));
        }
    }

    /// <returns>False when there are too many already.</returns>
    public bool Put(ApprovalDefinition definition)
    {
        lock (_gate)
        {
            if (_approvals.Count >= MostApprovalDefinitions && !_approvals.ContainsKey(definition.Code)) return false;
            _approvals[definition.Code] = definition;
        }

        Announce(ChangeKind.ApprovalChanged);
        return true;
    }

    /// <summary>Keeps a new request or the next state of one; beyond the bound the oldest finished one is forgotten.</summary>
    public void Put(ApprovalInstance instance)
    {
        lock (_gate)
        {
            if (_approvalInstances.Count >= MostApprovalInstances && !_approvalInstances.ContainsKey(instance.Code))
            {
                var oldest = _approvalInstances.Values.OrderBy(i => i.Status == InstanceStatus.Pending).ThenBy(i => i.StartTime).First();
                _approvalInstances.Remove(oldest.Code);
            }

            _approvalInstances[instance.Code] = instance;
        }

        Announce(ChangeKind.ApprovalChanged);
    }

    public bool IsSubscribed(string appId, string approvalCode) { lock (_gate) return _approvalSubscriptions.Contains((appId, approvalCode)); }

    /// <returns>False when it was so already.</returns>
    public bool SubscribeApproval(string appId, string approvalCode, bool subscribed)
    {
        lock (_gate) return subscribed ? _approvalSubscriptions.Add((appId, approvalCode)) : _approvalSubscriptions.Remove((appId, approvalCode));
    }

    private void ForgetApprovals()
    {
        _approvals.Clear();
        _approvalInstances.Clear();
        _approvalSubscriptions.Clear();
        _externalApprovals.Clear();
        _externalInstances.Clear();
        _roles.Clear();
        _approvalNotices.Clear();
    }
}
