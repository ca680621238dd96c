namespace Larkspur.Feishu.SignIn;

/// <summary>Keeps the tokens of people who have allowed calls in their name. Keep them encrypted: each calls as its person.</summary>
/// <remarks>People are named by their open_id of the app.</remarks>
public interface IFeishuUserTokenStore
{
    /// <summary>The tokens of somebody; null: none.</summary>
    ValueTask<FeishuUserTokens?> FindAsync(string openId, CancellationToken cancellationToken);

    /// <summary>Keeps tokens in place of those before.</summary>
    ValueTask SaveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken);

    /// <summary>Keeps renewed tokens in place of those that they came of. Where those are not kept any more (the person took it back, or
    /// has given it anew), the renewed ones are not kept either.</summary>
    ValueTask RenewAsync(string openId, FeishuUserTokens before, FeishuUserTokens renewed, CancellationToken cancellationToken);

    /// <summary>Forgets these tokens of somebody, which are of no use any more. Others that lie there by now stay.</summary>
    ValueTask RemoveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken);

    /// <summary>Lets one refresh of somebody's tokens happen after another, in all processes that share the store: a refresh token is good
    /// once. Disposed when the new tokens are kept.</summary>
    ValueTask<IAsyncDisposable> LockAsync(string openId, CancellationToken cancellationToken);
}
