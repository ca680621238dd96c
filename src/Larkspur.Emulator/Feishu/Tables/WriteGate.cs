using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>
/// What holds a write up before it is looked at: another writer of the table, or the same write a moment ago. Both are off unless the
/// rules say so.
/// </summary>
/// <remarks>A write that was refused wrote nothing: sent again, it is not repeated.</remarks>
internal sealed class WriteGate(VirtualClock clock, CurrentTableRules rules) : IResettableState
{
    private const int MostRemembered = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, DateTimeOffset> _until = new(StringComparer.Ordinal);

    /// <summary>Lets a write begin, and holds its table for the time that the rules say.</summary>
    /// <exception cref="ApiRefusedException">1254291 write conflict, 1254608 sent again.</exception>
    public void Pass(ApiRequest request)
    {
        var now = clock.GetUtcNow();
        var (lockMs, repeat) = (rules.Now.WriteLockMs, rules.Now.RepeatSeconds);
        if (lockMs == 0 && repeat == 0) return;
        var table = $"{request.Path["app_token"]}/{request.Path.GetValueOrDefault("table_id")}";
        var same = repeat == 0 ? null : Same(request);
        lock (_gate)
        {
            if (same is not null && Holds(same, now)) throw request.Refuse(1254608);
            if (lockMs == 0) return;
            if (Holds(table, now)) throw request.Refuse(1254291);
            Hold(table, now, now.AddMilliseconds(lockMs));
        }
    }

    /// <summary>The write was done: for a while the same one is a repetition.</summary>
    public void Done(ApiRequest request)
    {
        var (now, repeat) = (clock.GetUtcNow(), rules.Now.RepeatSeconds);
        if (repeat == 0 || Same(request) is not { } same) return;
        lock (_gate) Hold(same, now, now.AddSeconds(repeat));
    }

    public void Reset()
    {
        lock (_gate) _until.Clear();
    }

    /// <returns>Null: the call has no such refusal, or says by its <c>client_token</c> that it may be sent again.</returns>
    private static string? Same(ApiRequest request) =>
        request.Endpoint.Errors.ContainsKey(1254608) && request.QueryText("client_token") is null
            ? WireIds.Hash("write", $"{request.App.AppId}/{request.Endpoint.Id}/{request.Http.Path}/{request.Body.ToJsonString()}") : null;

    private bool Holds(string key, DateTimeOffset now) => _until.TryGetValue(key, out var ends) && now < ends;

    private void Hold(string key, DateTimeOffset now, DateTimeOffset until)
    {
        if (_until.Count > MostRemembered)
        {
            foreach (var old in _until.Where(h => now >= h.Value).Select(h => h.Key).ToArray()) _until.Remove(old);
        }

        _until[key] = until;
    }
}
