using Larkspur.Emulator.Dify;
using Larkspur.Emulator.Feishu.Auth;
using Larkspur.Emulator.Feishu.CardKit;
using Larkspur.Emulator.Feishu.Cards;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.Feishu.Front;
using Larkspur.Emulator.Feishu.LongConnection;
using Larkspur.Emulator.World;

namespace Larkspur.Emulator.Control;

/// <summary>Back to the seeded company and real time. Callback addresses and connections stay: the apps out there did not move.</summary>
internal sealed class WorldReset(
    EmulatedWorld world, EmulatorSettings settings, TokenStore tokens, CardTokens cards, CardEntities entities, CardOperation operations, OngoingClicks clicks,
    RateWindows windows, OnceOnly once, FaultRules faults, EventPusher pusher, LongConnections connections, SocketTickets socketTickets, DifyConversations conversations, DifyRuns runs,
    IEnumerable<IEmulatedPlatform> platforms)
{
    public void Run()
    {
        var apps = settings.Apps.Select(a => world.App(a.AppId) is { } present ? a with { CallbackUrl = present.CallbackUrl } : a).ToArray();
        pusher.Clear();
        faults.Clear();
        tokens.RevokeAll();
        cards.Clear();
        entities.Clear();
        operations.Clear();
        clicks.Clear();
        windows.Clear();
        once.Clear();
        connections.Reset();
        socketTickets.Clear();
        conversations.Clear();
        runs.Clear();
        foreach (var platform in platforms) platform.Reset();
        world.Clock.Reset();
        world.Clear(w => SeededCompany.Fill(w, apps));
    }
}
