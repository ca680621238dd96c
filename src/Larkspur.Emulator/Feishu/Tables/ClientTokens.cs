using System.Text.RegularExpressions;
using Larkspur.Emulator.Feishu.ApiPipeline;

namespace Larkspur.Emulator.Feishu.Tables;

/// <summary>A <c>client_token</c> makes a create happen once: the first answer is given again, with its ids.</summary>
/// <remarks>For how long, and that the answer is repeated at all, is UNVERIFIED: see <see cref="TableRules.ClientTokenMinutes"/>.</remarks>
internal sealed partial class ClientTokens(VirtualClock clock, CurrentTableRules rules) : IResettableState
{
    private const int MostTokens = 10_000;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, Remembered> _tokens = new(StringComparer.Ordinal);

    /// <exception cref="ApiRefusedException">1254037: no uuid of version 4; 1255006: the token is another call's, or its call still
    /// runs.</exception>
    public ApiAnswer Run(ApiRequest request, Func<ApiAnswer> run)
    {
        if (request.QueryText("client_token") is not { } token) return run();
        if (!UuidV4().IsMatch(token)) throw request.Refuse(1254037);
        var span = TimeSpan.FromMinutes(rules.Now.ClientTokenMinutes);
        if (span == TimeSpan.Zero) return run();
        var (now, key) = (clock.GetUtcNow(), $"{request.App.AppId}/{request.Path["app_token"]}/{token}");
        var call = WireIds.Hash("call", $"{request.Http.Path}/{request.Body.ToJsonString()}");
        lock (_gate)
        {
            if (_tokens.TryGetValue(key, out var known) && now < known.Ends)
                return known.Call == call && known.Answer is { } first ? first : throw request.Refuse(1255006);
            if (_tokens.Count >= MostTokens) _tokens.Clear();
            _tokens[key] = new Remembered(call, now + span, null);
        }

        try
        {
            var answer = run();
            lock (_gate) _tokens[key] = new Remembered(call, now + span, answer);
            return answer;
        }
        catch
        {
            // A refused call leaves its token free.
            lock (_gate) _tokens.Remove(key);
            throw;
        }
    }

    public void Reset()
    {
        lock (_gate) _tokens.Clear();
    }

    [GeneratedRegex("^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-4[0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}$")]
    private static partial Regex UuidV4();

    private sealed record Remembered(string Call, DateTimeOffset Ends, ApiAnswer? Answer);
}
