using Larkspur.Gateway.Commands;
using Larkspur.Gateway.Common.Localisation;

namespace Larkspur.Samples.DemoBot;

/// <summary><c>/stream-demo</c>: writes a fixed text word by word, as an assistant does.</summary>
internal sealed class StreamDemoCommand(TimeProvider clock) : IBotCommand
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromMilliseconds(60);

    private static readonly LocalText Title = new("流式卡片演示", "A card that writes itself");
    private static readonly LocalText Note = new("以上内容是固定的演示文本。", "This was a fixed text, for demonstration.");
    private static readonly LocalText Words = new("""
        这张卡片正在被一个字一个字地写出来。

        **它怎么做到的？**

        - 先发出一张“正在思考”的卡片
        - 每一帧只携带最新的全文，错过的帧不会补发
        - 最后一帧先落库再发送，进程崩溃也不会丢

        ```csharp
        var stream = await call.BeginStreamAsync(title, cancellation);
        stream.Append("你好");
        return stream.Finish();
        ```

        写完了。
        """, """
        This card is being written word by word.

        **How does it work?**

        - A card that says "thinking" comes first
        - Each frame carries the newest full text; a frame that was missed is never sent again
        - The last frame is stored before it is sent, so a crash cannot lose it

        ```csharp
        var stream = await call.BeginStreamAsync(title, cancellation);
        stream.Append("hello");
        return stream.Finish();
        ```

        Done.
        """);

    public string Name => "stream-demo";

    public IReadOnlyList<string> Aliases => ["流式演示"];

    public LocalText Description => new("体验一张边写边看的流式卡片", "try a card that is written while you read it");

    public async ValueTask<CommandReply> RunAsync(CommandCall call, CancellationToken cancellation)
    {
        var stream = await call.BeginStreamAsync(Title, cancellation);
        foreach (var word in Pieces(call.In(Words)))
        {
            stream.Append(word);
            await Task.Delay(BetweenWords, clock, cancellation);
        }

        return stream.Finish(Note);
    }

    /// <summary>Latin words with the space behind them; of Chinese, two characters at a time.</summary>
    private static IEnumerable<string> Pieces(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && Continues(text, start, end)) end++;
            yield return text[start..end];
            start = end;
        }
    }

    private static bool Continues(string text, int start, int end) =>
        IsChinese(text[start]) ? end < start + 2 : text[end - 1] is not (' ' or '\n') && !IsChinese(text[end]);

    private static bool IsChinese(char letter) => letter >= '\u2e80';
}
