using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Dispatch;
using Larkspur.Gateway.Inbox;

namespace Larkspur.Gateway.Streams;

/// <summary><c>/stream-demo</c>: writes a fixed text word by word, as an assistant does.</summary>
internal static class StreamDemoCommand
{
    private static readonly TimeSpan BetweenWords = TimeSpan.FromMilliseconds(60);

    public static Command Create(IStreams streams, TimeProvider clock) => new("stream-demo", ["流式演示"], async (request, cancellation) =>
    {
        var language = request.Language;
        await using var stream = await streams.OpenAsync(
            StreamRequest.Answering(request.Context, request.Answer("interactive", "")) with { Title = language.Get("stream.demo.title"), Language = language }, cancellation);
        foreach (var word in Words(language.Get("stream.demo.text")))
        {
            stream.Append(word);
            await Task.Delay(BetweenWords, clock, cancellation);
        }

        return new Reaction(async effects =>
        {
            await stream.FinishAsync(effects, new StreamEnd { Footer = language.Get("stream.demo.footer"), Template = "green" });
            return Outcome.Answered;
        });
    });

    /// <summary>Latin words with the space behind them; of Chinese, two characters at a time.</summary>
    private static IEnumerable<string> Words(string text)
    {
        for (var start = 0; start < text.Length;)
        {
            var end = start + 1;
            while (end < text.Length && (text[start] >= '\u2e80' ? end < start + 2 : text[end - 1] is not (' ' or '\n') && text[end] < '\u2e80')) end++;
            yield return text[start..end];
            start = end;
        }
    }
}
