using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.WeCom.AiBots;
using Larkspur.Emulator.WeCom.Approvals;
using Larkspur.Emulator.WeCom.Cards;
using Larkspur.Emulator.WeCom.Chats;
using Larkspur.Emulator.WeCom.Contacts;
using Larkspur.Emulator.WeCom.Control;
using Larkspur.Emulator.WeCom.CustomerService;
using Larkspur.Emulator.WeCom.Front;
using Larkspur.Emulator.WeCom.GroupRobots;
using Larkspur.Emulator.WeCom.Media;
using Larkspur.Emulator.WeCom.Messages;
using Larkspur.Emulator.WeCom.People;
using Larkspur.Emulator.WeCom.SignIn;
using Larkspur.Emulator.WeCom.Tokens;

namespace Larkspur.Emulator.WeCom;

/// <summary>WeCom on loopback, as control sees it.</summary>
internal sealed class WeComPlatform : IEmulatedPlatform
{
    private readonly WeComAct _act;
    private readonly WeComPush _push;
    private readonly WeComStateView _state;
    private readonly WeComChats _chats;
    private readonly Action _forget;

    public WeComPlatform(
        WeComAct act, WeComPush push, WeComStateView state, WeComChats chats, WeComCorp corp, WeComTokens tokens, WeComLimits limits, WeComMedia media, ResponseCodes codes, DuplicateCheck duplicates,
        TaskIds tasks, RobotKeys robots, BotTurns turns, BotUploads uploads, BotCallbacks botCallbacks, BotResponseUrls responseUrls, WeComDeeds deeds, SignInCodes signIns, JsTickets tickets, KfDesk kf,
        ApprovalDesk approvals, WeComTags tags, UrlUploads urlUploads)
    {
        (_act, _push, _state, _chats) = (act, push, state, chats);
        _forget = () =>
        {
            corp.Reset();
            tokens.Revoke();
            limits.Clear();
            media.Clear();
            codes.Clear();
            duplicates.Clear();
            tasks.Clear();
            robots.Reset();
            turns.Clear();
            uploads.Clear();
            botCallbacks.Clear();
            responseUrls.Clear();
            deeds.Clear();
            signIns.Clear();
            tickets.Clear();
            kf.Clear();
            approvals.Clear();
            tags.Clear();
            urlUploads.Clear();
        };
        SeededGroups.Fill(chats);
    }

    public string Name => "wecom";

    public IReadOnlyList<string> PushNames => [WeComPush.AiBot];

    public JsonObject State() => _state.State();

    public Task<JsonObject> ActAsync(ControlInput input, CancellationToken cancellationToken) => _act.RunAsync(input, cancellationToken);

    public Task<JsonObject> PushAsync(ControlInput input, CancellationToken cancellationToken) => _push.RunAsync(input, cancellationToken);

    public void Reset()
    {
        _forget();
        _chats.Clear();
        SeededGroups.Fill(_chats);
    }
}
