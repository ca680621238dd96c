using System.Runtime.CompilerServices;

namespace Larkspur.Dify.OpenAi;

/// <summary>A model behind an OpenAI-compatible address as an assistant's backend. It remembers nothing: each question carries its history, cut to <see cref="OpenAiOptions.HistoryWindow"/>.</summary>
#pragma warning disable CA1001 // Without a wait handle a semaphore holds nothing that needs disposing.
public sealed class OpenAiBackend(OpenAiClient client, OpenAiOptions options) : IAssistantBackend
#pragma warning restore CA1001
{
    /// <summary>Questions with files are built in memory: this many at once, until the model has begun.</summary>
    private readonly SemaphoreSlim _builds = new(8);

    /// <inheritdoc/>
    public AssistantAbilities Abilities => AssistantAbilities.Files;

    /// <inheritdoc/>
    public Task<AssistantFileRules> FileRulesAsync(CancellationToken cancellationToken = default) => Task.FromResult(OpenAiFiles.RulesOf(options));

    /// <inheritdoc/>
    public async IAsyncEnumerable<AssistantEvent> AskAsync(AssistantQuestion question, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(question);
        ArgumentException.ThrowIfNullOrWhiteSpace(question.Text, nameof(question));
        using var permit = question.Files.Count > 0 ? await AcquireBuildAsync(cancellationToken) : null;
        OpenAiFiles? files = new(options);
        for (var i = 0; i < question.Files.Count; i++)
        {
            if (await files.AddAsync(question.Files[i], cancellationToken) is { } why) yield return new AssistantFileRefused(i, why);
        }

        if (question.IsAboutFiles && files.IsEmpty) throw new AssistantException(AssistantFailure.Refused, "The question is about files, and none of them was taken.");
        Task<HttpResponseMessage> opening = OpenAsync(Body(question, files), cancellationToken);
        // An answer may take minutes: what was asked is not kept until its end.
        files = null;
        using HttpResponseMessage response = await opening;
        await using IAsyncEnumerator<OpenAiChunk> chunks = client.ReadAsync(response, cancellationToken).GetAsyncEnumerator(cancellationToken);
        bool began = false, hasText = false;
        string? finish = null;
        int? tokens = null;
        while (await NextAsync(chunks, hasText))
        {
            if (!began)
            {
                began = true;
                permit?.Dispose();
                yield return new AssistantBegan(null, null);
            }

            OpenAiChunk chunk = chunks.Current;
            finish = chunk.Finish ?? finish;
            tokens = chunk.TotalTokens ?? tokens;
            if (string.IsNullOrEmpty(chunk.Text)) continue;
            hasText = true;
            yield return new AssistantText(chunk.Text);
        }

        yield return new AssistantEnded(null, null, [], tokens) { IsCut = finish is "length" or "content_filter" };
    }

    /// <inheritdoc/>
    public Task StopAsync(string taskId, string user, CancellationToken cancellationToken = default) => throw new NotSupportedException("Leave the enumeration: closing the connection stops the model.");

    /// <inheritdoc/>
    public Task RateAsync(string messageId, string user, bool? helpful, string? comment = null, CancellationToken cancellationToken = default) => throw new NotSupportedException("This backend takes no verdicts.");

    /// <inheritdoc/>
    public Task<IReadOnlyList<string>> SuggestAsync(string messageId, string user, CancellationToken cancellationToken = default) => throw new NotSupportedException("This backend suggests nothing.");

    /// <summary>The newest turns that fit, and never an answer without its question.</summary>
    internal static IReadOnlyList<AssistantTurn> Window(IReadOnlyList<AssistantTurn> history, int characters)
    {
        int first = history.Count;
        for (int room = characters; first > 0 && history[first - 1].Text.Length <= room; first--) room -= history[first - 1].Text.Length;
        while (first < history.Count && history[first].ByAssistant) first++;
        return [.. history.Skip(first)];
    }

    private async Task<BuildPermit> AcquireBuildAsync(CancellationToken cancellationToken)
    {
        await _builds.WaitAsync(cancellationToken);
        return new BuildPermit(_builds);
    }

    private byte[] Body(AssistantQuestion question, OpenAiFiles files) =>
        client.Body([.. Window(question.History, options.HistoryWindow), new AssistantTurn(false, question.Text + files.Texts)], files.Pictures);

    /// <summary>A place among the requests that are built at once; released once, however often it is disposed of.</summary>
    private sealed class BuildPermit(SemaphoreSlim builds) : IDisposable
    {
        private int _over;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _over, 1) == 0) builds.Release();
        }
    }

    private async Task<HttpResponseMessage> OpenAsync(byte[] body, CancellationToken cancellationToken)
    {
        try
        {
            return await client.OpenAsync(body, cancellationToken);
        }
        catch (Exception exception) when (exception is OpenAiException or PlatformNetworkException)
        {
            throw Translate(exception, began: false);
        }
    }

    private static async Task<bool> NextAsync(IAsyncEnumerator<OpenAiChunk> chunks, bool began)
    {
        try
        {
            return await chunks.MoveNextAsync();
        }
        catch (Exception exception) when (exception is OpenAiException or PlatformNetworkException)
        {
            throw Translate(exception, began);
        }
    }

    private static AssistantException Translate(Exception exception, bool began) => new(exception switch
    {
        _ when began => AssistantFailure.Interrupted,
        OpenAiException refused => refused.FailureKind switch
        {
            FailureKind.RateLimited => AssistantFailure.Busy,
            FailureKind.Quota => AssistantFailure.Quota,
            FailureKind.Authentication or FailureKind.Permission or FailureKind.NotFound => AssistantFailure.Misconfigured,
            FailureKind.Invalid => AssistantFailure.Refused,
            FailureKind.Transient => AssistantFailure.Unavailable,
            _ => AssistantFailure.Unknown,
        },
        _ => AssistantFailure.Unavailable,
    }, exception.Message, exception) { MidStream = began, RetryAfter = (exception as OpenAiException)?.RetryAfter };
}
