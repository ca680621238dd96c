using Larkspur.Emulator.DingTalk.Auth;
using Larkspur.Emulator.DingTalk.Cards;
using Larkspur.Emulator.DingTalk.Chats;
using Larkspur.Emulator.DingTalk.Deliveries;
using Larkspur.Emulator.DingTalk.Events;
using Larkspur.Emulator.DingTalk.Front;
using Larkspur.Emulator.DingTalk.Robots;
using Larkspur.Emulator.DingTalk.StreamMode;
using Larkspur.Emulator.DingTalk.WorkNotices;
using Larkspur.Emulator.DingTalk.Workflow;

namespace Larkspur.Emulator.DingTalk;

/// <summary>Back to the seeded organisation. Connections, the callback address and routes of card callbacks stay: the apps out there did not move.</summary>
internal sealed class DingTalkReset(
    BackgroundDeliveries background, AccessTokens tokens, PersonTokens people, JsapiTickets jsapi, AuthorizePage page, DingTalkGate gate, DingTalkLimits limits, StreamConnections connections, StreamTickets tickets, DingTalkChats chats, SessionWebhooks sessions, GroupRobots robots,
    CardInstances cards, CardStreamingApi streaming, FailedEvents failed, SignInCodes codes, NoticeTasks notices, ApprovalDesk approvals, ApprovalFiles files, ApprovalWays ways, ProcessCentre centre)
{
    public void Run()
    {
        background.Reset();
        tokens.Clear();
        people.Clear();
        jsapi.Clear();
        page.RedirectDomains = [];
        gate.Reset();
        limits.Reset();
        connections.Reset();
        tickets.Clear();
        chats.Reset();
        sessions.Clear();
        robots.Reset();
        cards.Clear();
        streaming.ContentLimit = CardStreamingApi.MostBytes;
        failed.Clear();
        codes.Clear();
        notices.Clear();
        approvals.Clear();
        files.Clear();
        ways.Clear();
        centre.Clear();
    }
}
