using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>
/// What holds a write up before it is looked at: another writer of the table, or the same write a moment ago. Both are off unless the
/// rules say so.
/// </summary>
internal sealed class WriteGate(VirtualClock clock, CurrentTableRules rules) : IResettableState
{
    private const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <exception cref="ApiRefusedException">1254291 write conflict, 1254608 sent again.</exception>
    public void Pass(ApiRequest request)
    {
        var now = clock.GetUtcNow();
        var (lockMs, repeat) = (rules.Now.WriteLockMs, rules.Now.RepeatSeconds);
        if (lockMs == 0 && repeat == 0) return;
        var table = $"{request.Path["app_token"]}/{request.Path.GetValueOrDefault("table_id")}";
        var same = request.Endpoint.Errors.ContainsKey(1254608) && request.QueryText("client_token") is null
            ? WireIds.Hash("write", $"{request.App.AppId}/{request.Endpoint.Id}/{request.Http.Path}/{request.Body.ToJsonString()}") : null;
        lock (_gate)
        {
            if (_until.Count > MostRemembered) _until.Clear();
            if (repeat > 0 && same is not null)
            {
                if (_until.TryGetValue(same, out var ends) && now < ends) throw request.Refuse(1254608);
                _until[same] = now.AddSeconds(repeat);
            }

            if (lockMs == 0) return;
            if (_until.TryGetValue(table, out var free) && now < free) throw request.Refuse(1254291);
            _until[table] = now.AddMilliseconds(lockMs);
        }
    }

    public void Reset()
    {
        lock (_gate) _until.Clear();
    }
}
