using System.Runtime.CompilerServices;
using System.Text.Json;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.Events;

/// <summary>Asks the gateway for what came after the cursor, again and again. The cursor outlives the gateway's process, so a restart loses and repeats nothing.</summary>
/// <param name="gateway">The gateway.</param>
/// <param name="clock">The clock.</param>
/// <param name="waits">What is waited for, in a sentence: said once the gateway has answered.</param>
/// <param name="query">What is asked for.</param>
internal sealed class EventTail(GatewayCalls gateway, TimeProvider clock, string waits, params (string Name, string? Value)[] query)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private bool _reached;
    private bool _away;

    public async IAsyncEnumerable<JsonElement> FollowAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        string? cursor = null;
        while (true)
        {
            var page = await PageAsync(cursor, cancellation);
            // Moved on before the events are handed out: it is the whole page that came.
            cursor = page.GetProperty("cursor").GetString();
            foreach (var item in page.GetProperty("items").EnumerateArray()) yield return item;
            if (!page.Is("more")) await Task.Delay(Interval, clock, cancellation);
        }
    }

    private async Task<JsonElement> PageAsync(string? cursor, CancellationToken cancellation)
    {
        var address = "events?" + string.Join('&', query.Append(("cursor", cursor)).Where(p => p.Item2 is not null).Select(p => $"{p.Item1}={Uri.EscapeDataString(p.Item2!)}"));
        var pause = Interval;
        while (true)
        {
            try
            {
                var page = await gateway.GetAsync(address, cancellation);
                if (_away) Fail.Say(Words.AreChinese ? "网关已恢复，继续等待。" : "the gateway is back.");
                else if (!_reached) Fail.Say(waits);
                (_reached, _away) = (true, false);
                return page;
            }
            catch (CallFailure e) when (_reached && e.MayPass)
            {
                // Said once; a gateway that was never there is a failure, not a pause.
                if (!_away) Fail.Say(Words.AreChinese ? $"{e.Message} 正在等待网关恢复。" : $"{e.Message} Waiting for it to come back.");
                _away = true;
            }

            await Task.Delay(pause, clock, cancellation);
            pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
        }
    }
}
