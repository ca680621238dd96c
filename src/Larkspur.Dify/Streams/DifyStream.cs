using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larkspur.Dify;

/// <summary>The events of one answer's stream, to its end as its kind of app means it.</summary>
/// <remarks>
/// Framing: <c>data: {json}</c> lines; a bare <c>event: ping</c> every 10 s keeps it alive; no <c>[DONE]</c>. It has ended well after <c>message_end</c>,
/// <c>workflow_finished</c> or <c>workflow_paused</c>; a stream that closes before was cut. Source: <c>base_app_generator.py</c> and the guide "streaming".
/// </remarks>
internal sealed class DifyStream(DifyPipeline pipeline, DifyRequest request)
{
    private const int LongestEvent = 8 << 20; // an event may carry a picture's worth of speech

    public async IAsyncEnumerable<DifyEvent> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using HttpResponseMessage response = await pipeline.OpenAsync(request, cancellationToken);
        await using Stream body = await response.Content.ReadAsStreamAsync(cancellationToken);
        await using IAsyncEnumerator<string> lines = new LineReader(body, pipeline.Options.Silence, LongestEvent, pipeline.Clock).ReadAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        bool begun = false, agentSpoke = false, ended = false;
        while (await NextAsync(lines, ended, cancellationToken))
        {
            if (EventIn(lines.Current, begun, agentSpoke) is not var (happened, byAgent)) continue;
            begun = true;
            agentSpoke |= byAgent;
            ended |= happened is DifyMessageEnded or DifyWorkflowFinished or DifyWorkflowPaused;
            yield return happened;
            if (happened is DifyWorkflowPaused or DifyWorkflowFinished { Status: not "succeeded" }) yield break;
        }

        if (!ended) throw Broken("the stream ended before the answer did", timedOut: false, null);
    }

    /// <summary>A line without an end after the answer's own end is nobody's loss.</summary>
    private async Task<bool> NextAsync(IAsyncEnumerator<string> lines, bool ended, CancellationToken cancellationToken)
    {
        try
        {
            return await lines.MoveNextAsync();
        }
        catch (Exception exception) when (exception is IOException or TimeoutException or InvalidDataException && !cancellationToken.IsCancellationRequested)
        {
            if (ended) return false;
            throw Broken(exception is TimeoutException ? $"nothing came for {pipeline.Options.Silence}" : exception is InvalidDataException ? "an event is too long" : "the connection broke", exception is TimeoutException, exception);
        }
    }

    private PlatformNetworkException Broken(string problem, bool timedOut, Exception? inner) => new("dify", $"{request.Name} broke off: {problem}.", effectUnknown: true, timedOut, inner);

    private (DifyEvent Happened, bool ByAgent)? EventIn(string line, bool begun, bool agentSpoke)
    {
        // Pings ("event: ping"), empty lines between events, comments.
        if (!line.StartsWith("data:", StringComparison.Ordinal)) return null;
        ReadOnlySpan<char> text = line.AsSpan(5).TrimStart();
        if (text.IsEmpty) return null;
        try
        {
            JsonElement json = JsonElement.Parse(text);
            if (json.ValueKind != JsonValueKind.Object) throw new JsonException("not an object");
            bool isNamed = json.TryGetProperty("event", out JsonElement name) && name.ValueKind == JsonValueKind.String;
            if (isNamed && name.ValueEquals("error")) throw DifyErrorReader.Read(request, json, begun, pipeline.Options.ApiKey);
            return (DifyEventReader.Read(json, agentSpoke), isNamed && name.ValueEquals("agent_message"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The latter is what half a surrogate pair in a text becomes when it is read.
            throw DifyErrorReader.NotPromised(request, 200, "an event that is not JSON", exception);
        }
    }
}
