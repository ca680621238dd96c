using System.Runtime.CompilerServices;

namespace Larkspur.Feishu.Api;

/// <summary>Follows page tokens. Ends at <c>has_more: false</c>, at an empty token, and at a token that was seen before (a page that leads back would never end).</summary>
internal static class PageWalk
{
    public static async IAsyncEnumerable<TItem> Items<TRequest, TPage, TItem>(
        TRequest first,
        Func<TRequest, CancellationToken, Task<TPage>> send,
        Func<TRequest, string, TRequest> withToken,
        Func<TPage, string?> next,
        Func<TPage, bool?> hasMore,
        Func<TPage, IReadOnlyList<TItem>?> items,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (var page in Pages(first, send, withToken, next, hasMore, cancellationToken))
        {
            foreach (var item in items(page) ?? [])
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return item;
            }
        }
    }

    public static async IAsyncEnumerable<TPage> Pages<TRequest, TPage>(
        TRequest first,
        Func<TRequest, CancellationToken, Task<TPage>> send,
        Func<TRequest, string, TRequest> withToken,
        Func<TPage, string?> next,
        Func<TPage, bool?> hasMore,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(first, "request");
        HashSet<string>? seen = null;
        for (var request = first; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var page = await send(request, cancellationToken);
            if (page is null) yield break;
            yield return page;

            var token = next(page);
            if (string.IsNullOrEmpty(token) || hasMore(page) == false || !(seen ??= new(StringComparer.Ordinal)).Add(token)) yield break;
            request = withToken(request, token);
        }
    }
}
