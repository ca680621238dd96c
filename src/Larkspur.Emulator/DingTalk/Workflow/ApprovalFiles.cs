using System.Collections.Immutable;

namespace Larkspur.Emulator.DingTalk.Workflow;

/// <summary>A file in the space of approvals.</summary>
/// <param name="Key">Of the state's file.</param>
internal sealed record ApprovalFile(string Id, string Name, long Size, string Type, string OwnerId, string Key)
{
    /// <summary>Who may look at it or fetch it beside those who decide.</summary>
    public ImmutableSortedSet<string> Granted { get; init; } = [];
}

/// <summary>The space of approvals on the organisation's drive (审批钉盘): who may upload there, the files, and addresses by which the application fetches them for 15 minutes. Virtual time.</summary>
internal sealed class ApprovalFiles(EmulatorState state) : IResettableState
{
    public const long SpaceId = 3_996_960_664;
    public static readonly TimeSpan AddressLife = TimeSpan.FromMinutes(15);
    private const int Most = 2_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, ApprovalFile> _files = [];
    private readonly Queue<string> _order = [];
    private readonly HashSet<string> _uploaders = [];
    private readonly Dictionary<string, (string FileId, DateTimeOffset Ends)> _addresses = [];
    private readonly Queue<string> _addressOrder = [];
    private long _numbers = 26_748_000_000;

    public IReadOnlyList<ApprovalFile> All { get { lock (_gate) return [.. _files.Values]; } }

    public void AllowUpload(string userId) { lock (_gate) _uploaders.Add(userId); }

    public bool MayUpload(string userId) { lock (_gate) return _uploaders.Contains(userId); }

    public ApprovalFile Put(string name, string type, StoredFile stored, string userId)
    {
        state.Put(stored);
        lock (_gate)
        {
            var file = new ApprovalFile((++_numbers).ToString(), name, stored.Bytes.Length, type, userId, stored.Key);
            _files[file.Id] = file;
            _order.Enqueue(file.Id);
            if (_order.Count > Most) _files.Remove(_order.Dequeue());
            return file;
        }
    }

    public ApprovalFile? Find(string id) { lock (_gate) return _files.GetValueOrDefault(id); }

    public void Grant(string id, string userId)
    {
        lock (_gate)
        {
            if (_files.TryGetValue(id, out var file)) _files[id] = file with { Granted = file.Granted.Add(userId) };
        }
    }

    /// <returns>The last part of an address that gives the file for <see cref="AddressLife"/>.</returns>
    public string NewAddress(string fileId)
    {
        var ticket = state.Ids.Next("") + state.Ids.Next("");
        lock (_gate)
        {
            _addresses[ticket] = (fileId, state.Clock.GetUtcNow() + AddressLife);
            _addressOrder.Enqueue(ticket);
            if (_addressOrder.Count > Most) _addresses.Remove(_addressOrder.Dequeue());
        }

        return ticket;
    }

    public StoredFile? AtAddress(string ticket)
    {
        lock (_gate) return _addresses.TryGetValue(ticket, out var held) && held.Ends > state.Clock.GetUtcNow() && _files.TryGetValue(held.FileId, out var file) ? state.File(file.Key) : null;
    }

    public void Reset()
    {
        lock (_gate)
        {
            _files.Clear();
            _order.Clear();
            _uploaders.Clear();
            _addresses.Clear();
            _addressOrder.Clear();
        }
    }
}
