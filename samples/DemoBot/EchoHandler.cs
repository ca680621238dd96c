using Larkspur.Feishu.Cards;
using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Samples.DemoBot;

/// <summary>Says back what was said, until an assistant is connected.</summary>
internal sealed class EchoHandler : IPlainMessageHandler
{
    private const int LongestEcho = 2000;
    private const int LongestSummary = 80;

    private static readonly LocalText Title = new("消息已收到", "Message received");
    private static readonly LocalText Note = new(
        "智能助手还没有接入，我暂时只能回复这些。发送 /help 查看可用的命令。",
        "The assistant is not connected yet, so this is all I can say. Send /help for the commands that work.");

    /// <summary>
    /// An echo is a card with plain text: in a text message an <c>&lt;at user_id="all"&gt;</c> of the writer's would call everybody.
    /// </summary>
    public ValueTask<CommandReply?> RunAsync(CommandCall call, CancellationToken cancellation) =>
        ValueTask.FromResult<CommandReply?>(CommandReply.Card(new CardBuilder()
            .Header(call.In(Title), HeaderTemplate.Blue)
            .Summary(Cut(call.Text, LongestSummary))
            .PlainText(Cut(call.Text, LongestEcho))
            .Divider()
            .Note(call.In(Note))));

    private static string Cut(string text, int length) => text.Length <= length ? text
        : string.Concat(text.AsSpan(0, char.IsHighSurrogate(text[length - 1]) ? length - 1 : length), "…");
}
