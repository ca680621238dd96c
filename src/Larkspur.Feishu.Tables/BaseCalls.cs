using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Larkspur.Feishu.Tables;

/// <summary>Sends the calls of one base: every try is ours to decide on, for the tables' codes say more than the client knows.</summary>
internal sealed class BaseCalls(FeishuClient client, TableOptions options)
{
    public FeishuClient Client => client;

    public TableOptions Options => options;

    public TimeProvider Clock => client.Clock;

    /// <summary>Sends once.</summary>
    public Task<T> SendAsync<T>(FeishuRequest request, CancellationToken cancellationToken) =>
        client.SendAsync<T>(request, (options.Call ?? new()) with { MaxAttempts = 1, Trace = null }, cancellationToken);

    /// <summary>Sends what only reads, or what may be done twice: again while it may help.</summary>
    public Task<T> ReadAsync<T>(Func<FeishuRequest> request, CancellationToken cancellationToken) => RepeatAsync<T>(
        request,
        failed => failed is PlatformNetworkException || failed is FeishuApiException refused && MayPass(refused),
        cancellationToken);

    /// <summary>Sends a write that has no key: again only when nothing happened.</summary>
    public Task<T> WriteAsync<T>(Func<FeishuRequest> request, CancellationToken cancellationToken) => RepeatAsync<T>(
        request,
        failed => failed is PlatformNetworkException { EffectUnknown: false }
            || failed is FeishuApiException refused && NothingHappened(refused),
        cancellationToken);

    /// <summary>The items of all pages.</summary>
    public async IAsyncEnumerable<JsonElement> PagesAsync(
        Func<FeishuRequest> request, int pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? place = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        do
        {
            var from = place;
            var page = await ReadAsync<JsonElement>(
                () => request().WithQuery("page_size", $"{pageSize}").WithQuery("page_token", from), cancellationToken);
            foreach (var item in page.Member("items").Items()) yield return item;
            place = page.Member("has_more").ValueKind == JsonValueKind.False ? null : page.TextOf("page_token");
        }
        while (!string.IsNullOrEmpty(place) && seen.Add(place));
    }

    /// <summary>Waits before another try.</summary>
    public Task PauseAsync(int failed, TimeSpan? asked, CancellationToken cancellationToken) =>
        Task.Delay(asked is { Ticks: > 0 } known ? known : options.Pause(failed), Clock, cancellationToken);

    private async Task<T> RepeatAsync<T>(Func<FeishuRequest> request, Func<Exception, bool> again, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked;
            try
            {
                return await SendAsync<T>(request(), cancellationToken);
            }
            catch (Exception failed) when (attempt < options.MaxAttempts && again(failed))
            {
                asked = (failed as FeishuApiException)?.RetryAfter;
            }

            await PauseAsync(attempt, asked, cancellationToken);
        }
    }

    private static bool NothingHappened(FeishuApiException refused) =>
        TableFailures.Of(refused) is TableFailure.Busy or TableFailure.Conflict or TableFailure.NotReady;

    private static bool MayPass(FeishuApiException refused) =>
        NothingHappened(refused) || TableFailures.Of(refused) is TableFailure.Trouble or TableFailure.OutcomeUnknown;
}
