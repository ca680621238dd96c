using Larkspur.Emulator.WeCom.ApiPipeline;

namespace Larkspur.Emulator.WeCom.Messages;

/// <summary>A card's <c>task_id</c> is used once by an application or bot.</summary>
internal sealed class TaskIds : IResettableState
{
    private const int MostKept = 100_000;

    private readonly Lock _gate = new();
    private readonly HashSet<(string By, string Id)> _used = [];
    private readonly Queue<(string By, string Id)> _order = [];

    /// <exception cref="WeComRefusal">42014: it was used before.</exception>
    public void Use(string by, string? id)
    {
        if (string.IsNullOrEmpty(id)) return;
        lock (_gate)
        {
            if (!_used.Add((by, id))) throw new WeComRefusal(42014, "invalid task_id: it was used before");
            _order.Enqueue((by, id));
            if (_order.Count > MostKept) _used.Remove(_order.Dequeue());
        }
    }

    public void Reset()
    {
        lock (_gate)
        {
            _used.Clear();
            _order.Clear();
        }
    }
}
