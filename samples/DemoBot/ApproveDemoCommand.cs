using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Samples.DemoBot;

/// <summary><c>/approve-demo</c>: sends a purchase request whose buttons work.</summary>
internal sealed class ApproveDemoCommand(DemoRequests requests, string kind) : IBotCommand
{
    public string Name => "approve-demo";

    public IReadOnlyList<string> Aliases => ["审批演示"];

    public LocalText Description => new("体验一张带按钮的采购申请卡片", "try a purchase request with working buttons");

    public async ValueTask<CommandReply> RunAsync(CommandCall call, CancellationToken cancellation)
    {
        // The card is drawn with Feishu's builder; elsewhere it would be its words, with buttons that are only named.
        if (call.Platform != "feishu") return CommandReply.Text(call.In(DemoTexts.OnFeishuOnly));
        var caller = await call.LookUpCallerAsync(cancellation);
        var request = new DemoRequest("PR-" + call.Reference, caller.Id, caller.Name, call.Locale);
        return CommandReply.InTransaction(async effects =>
        {
            await requests.AddAsync(effects, request);
            return BotAnswer.Card(DemoCard.Draw(new DemoState(request), kind));
        });
    }
}
