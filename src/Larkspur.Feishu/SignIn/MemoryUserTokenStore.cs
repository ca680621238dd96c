using System.Collections.Concurrent;

namespace Larkspur.Feishu.SignIn;

/// <summary>Tokens in this process's memory: for one process, until it ends.</summary>
public sealed class MemoryUserTokenStore : IFeishuUserTokenStore
{
    private readonly ConcurrentDictionary<string, FeishuUserTokens> _tokens = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _locks = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<FeishuUserTokens?> FindAsync(string openId, CancellationToken cancellationToken) =>
        new(_tokens.GetValueOrDefault(openId));

    /// <inheritdoc/>
    public ValueTask SaveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken)
    {
        _tokens[openId] = tokens;
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RenewAsync(string openId, FeishuUserTokens before, FeishuUserTokens renewed, CancellationToken cancellationToken)
    {
        if (_tokens.TryGetValue(openId, out FeishuUserTokens? kept) && kept.AccessToken == before.AccessToken)
            _tokens.TryUpdate(openId, renewed, kept);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask RemoveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken)
    {
        if (_tokens.TryGetValue(openId, out FeishuUserTokens? kept) && kept.AccessToken == tokens.AccessToken)
            _tokens.TryRemove(KeyValuePair.Create(openId, kept));
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable> LockAsync(string openId, CancellationToken cancellationToken)
    {
        SemaphoreSlim one = _locks.GetOrAdd(openId, _ => new SemaphoreSlim(1));
        await one.WaitAsync(cancellationToken);
        return new Held(one);
    }

    private sealed class Held(SemaphoreSlim one) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            one.Release();
            return ValueTask.CompletedTask;
        }
    }
}
