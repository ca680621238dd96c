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
    /// <param name="request">Makes the request of a try.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="failing">Is told of each failure that another try follows.</param>
    public Task<T> ReadAsync<T>(
        Func<FeishuRequest> request, CancellationToken cancellationToken, Action<Exception>? failing = null) => RepeatAsync<T>(
        request,
        failed => failed is PlatformNetworkException || failed is FeishuApiException refused && MayPass(refused),
        cancellationToken,
        failing);

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
            var more = page.Member("has_more").ValueKind;
            place = more == JsonValueKind.False ? null : page.TextOf("page_token");
            // To stop here would make a part of the list pass for all of it.
            if (more == JsonValueKind.True && string.IsNullOrEmpty(place) || !string.IsNullOrEmpty(place) && !seen.Add(place))
                throw NoNextPage(request().Endpoint);
        }
        while (!string.IsNullOrEmpty(place));
    }

    /// <summary>There is more, and the answer does not say where, or says where it has been already.</summary>
    public static FeishuApiException NoNextPage(FeishuEndpoint endpoint) =>
        new($"{endpoint.Id}: there are more pages, and the answer does not say where the next one is.")
        {
            HttpStatus = 200, Endpoint = endpoint.Id,
        };

    /// <summary>The platform asks to wait longer than a call may take: who waited would hold up everybody behind it.</summary>
    public bool AsksTooLong(Exception failed) =>
        (failed as FeishuApiException)?.RetryAfter > (options.Call?.Timeout ?? client.Options.CallTimeout);

    /// <summary>Waits before another try.</summary>
    public Task PauseAsync(int failed, TimeSpan? asked, CancellationToken cancellationToken) =>
        Task.Delay(asked is { Ticks: > 0 } known ? known : options.Pause(failed), Clock, cancellationToken);

    private async Task<T> RepeatAsync<T>(
        Func<FeishuRequest> request, Func<Exception, bool> again, CancellationToken cancellationToken, Action<Exception>? failing = null)
    {
        for (var attempt = 1; ; attempt++)
        {
            TimeSpan? asked;
            try
            {
                return await SendAsync<T>(request(), cancellationToken);
            }
            catch (Exception failed) when (attempt < options.MaxAttempts && again(failed) && !AsksTooLong(failed))
            {
                failing?.Invoke(failed);
                asked = (failed as FeishuApiException)?.RetryAfter;
            }

            await PauseAsync(attempt, asked, cancellationToken);
        }
    }

    private static bool NothingHappened(FeishuApiException refused) =>
        TableFailures.Of(refused) is TableFailure.Busy or TableFailure.Conflict or TableFailure.NotReady;

    /// <summary>A good status without the platform's code is an answer too large or of another shape: it would only come again.</summary>
    private static bool MayPass(FeishuApiException refused) => refused is not { Code: 0, HttpStatus: < 400 }
        && (NothingHappened(refused) || TableFailures.Of(refused) is TableFailure.Trouble or TableFailure.OutcomeUnknown);
}
