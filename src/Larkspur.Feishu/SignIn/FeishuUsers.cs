namespace Larkspur.Feishu.SignIn;

/// <summary>Calls in people's own names: picks a person's token, refreshes it before it ends, and says plainly who has to allow what when
/// there is none.</summary>
/// <remarks>Thread-safe; one refresh of a person at a time, in all processes that share the store.</remarks>
public sealed class FeishuUsers
{
    /// <summary>A token that ends within this time is refreshed first: it could end on its way.</summary>
    private static readonly TimeSpan Reserve = TimeSpan.FromMinutes(2);

    private const int ScopeNotAllowed = 99991679;

    private readonly FeishuClient _client;
    private readonly IFeishuUserTokenStore _store;

    /// <param name="client">The app.</param>
    /// <param name="store">Where tokens are kept.</param>
    public FeishuUsers(FeishuClient client, IFeishuUserTokenStore store)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(store);
        (_client, _store) = (client, store);
    }

    /// <summary>Keeps what a sign-in brought.</summary>
    public async Task SaveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(openId);
        ArgumentNullException.ThrowIfNull(tokens);
        await using IAsyncDisposable held = await _store.LockAsync(openId, cancellationToken);
        await _store.SaveAsync(openId, tokens, cancellationToken);
    }

    /// <summary>Makes a call as a person.</summary>
    /// <typeparam name="T">What it brings.</typeparam>
    /// <param name="openId">Who: their open_id of this app.</param>
    /// <param name="scopes">What they must have allowed; empty: whatever they have.</param>
    /// <param name="call">The call; it is made once more, under fresh options, when the platform refuses the token.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="FeishuAuthorizationNeededException">They have not allowed it, or not any more: send them a link.</exception>
    /// <exception cref="FeishuUserTokenException">This endpoint refuses a token that is good elsewhere.</exception>
    public async Task<T> AsAsync<T>(string openId, IReadOnlyList<string> scopes, Func<FeishuCallOptions, Task<T>> call,
        CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(openId);
        ArgumentNullException.ThrowIfNull(scopes);
        ArgumentNullException.ThrowIfNull(call);
        FeishuUserTokens tokens = await GetAsync(openId, scopes, null, cancellationToken);
        try
        {
            return await OnceAsync(openId, scopes, tokens, call);
        }
        catch (FeishuUserTokenException)
        {
            tokens = await GetAsync(openId, scopes, tokens.AccessToken, cancellationToken);
        }

        try
        {
            return await OnceAsync(openId, scopes, tokens, call);
        }
        catch (FeishuUserTokenException refused)
        {
            // One endpoint's word: a token that says whose it is is good, and that endpoint does not take it.
            if (await WorksAsync(tokens, cancellationToken)) throw;
            tokens = await OthersAsync(openId, scopes, tokens, refused, cancellationToken);
        }

        return await OnceAsync(openId, scopes, tokens, call);
    }

    /// <summary>These are spent: those that the person has given anew meanwhile, or that another process has renewed.</summary>
    /// <exception cref="FeishuAuthorizationNeededException">There are none; the spent ones are forgotten.</exception>
    private async Task<FeishuUserTokens> OthersAsync(string openId, IReadOnlyList<string> scopes, FeishuUserTokens spent, Exception why,
        CancellationToken cancellationToken)
    {
        if (await _store.FindAsync(openId, cancellationToken) is { } kept && kept.AccessToken != spent.AccessToken
            && IsGood(kept, spent.AccessToken)) return Allowing(openId, kept, scopes);
        await _store.RemoveAsync(openId, spent, cancellationToken);
        throw new FeishuAuthorizationNeededException(openId, scopes, why);
    }

    private async Task<bool> WorksAsync(FeishuUserTokens tokens, CancellationToken cancellationToken)
    {
        try
        {
            await _client.SignIn.GetPersonAsync(tokens.AccessToken, cancellationToken);
            return true;
        }
        catch (FeishuUserTokenException)
        {
            return false;
        }
    }

    private static async Task<T> OnceAsync<T>(
        string openId, IReadOnlyList<string> scopes, FeishuUserTokens tokens, Func<FeishuCallOptions, Task<T>> call)
    {
        try
        {
            return await call(new FeishuCallOptions { UserAccessToken = tokens.AccessToken });
        }
        catch (FeishuApiException refused) when (refused.Code == ScopeNotAllowed)
        {
            // The person has allowed something, and not this.
            throw new FeishuAuthorizationNeededException(openId, refused.MissingScopes.Count > 0 ? refused.MissingScopes : scopes, refused);
        }
    }

    /// <summary>Tokens that are good for a while; refreshed where they are not.</summary>
    /// <param name="openId">Whose.</param>
    /// <param name="scopes">What they must allow.</param>
    /// <param name="refused">The access token that the platform has just refused; null: none.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    private async Task<FeishuUserTokens> GetAsync(
        string openId, IReadOnlyList<string> scopes, string? refused, CancellationToken cancellationToken)
    {
        if (await _store.FindAsync(openId, cancellationToken) is { } kept && IsGood(kept, refused)) return Allowing(openId, kept, scopes);
        await using IAsyncDisposable held = await _store.LockAsync(openId, cancellationToken);
        // Somebody else may have refreshed them meanwhile.
        FeishuUserTokens before = await _store.FindAsync(openId, cancellationToken)
            ?? throw new FeishuAuthorizationNeededException(openId, scopes, null);
        if (IsGood(before, refused)) return Allowing(openId, before, scopes);
        Allowing(openId, before, scopes);
        if (before.RefreshToken is not { } token)
        {
            await _store.RemoveAsync(openId, before, cancellationToken);
            throw new FeishuAuthorizationNeededException(openId, scopes, null);
        }

        FeishuUserTokens fresh;
        try
        {
            // Never cut off: the old token is spent by the call, and who waits for the answer is of no matter to it.
            fresh = await RefreshAsync(token);
        }
        catch (FeishuSignInException gone) when (gone.Problem is FeishuSignInProblem.RefreshGone or FeishuSignInProblem.PersonRefused)
        {
            // A process that stood still for longer than its lock holds sends a token that another has spent.
            return await OthersAsync(openId, scopes, before, gone, cancellationToken);
        }

        await _store.RenewAsync(openId, before, fresh, CancellationToken.None);
        return Allowing(openId, fresh, scopes);
    }

    /// <summary>Once more where no answer came: the token may not be spent.</summary>
    private async Task<FeishuUserTokens> RefreshAsync(string token)
    {
        try
        {
            return await _client.SignIn.RefreshAsync(token, CancellationToken.None);
        }
        catch (PlatformNetworkException)
        {
            return await _client.SignIn.RefreshAsync(token, CancellationToken.None);
        }
    }

    private bool IsGood(FeishuUserTokens tokens, string? refused) =>
        tokens.AccessToken != refused && tokens.ExpiresAt - _client.Clock.GetUtcNow() > Reserve;

    private static FeishuUserTokens Allowing(string openId, FeishuUserTokens tokens, IReadOnlyList<string> scopes)
    {
        string[] missing = [.. scopes.Where(s => !tokens.Scopes.Contains(s, StringComparer.Ordinal))];
        return missing.Length == 0 ? tokens : throw new FeishuAuthorizationNeededException(openId, missing, null);
    }
}
