using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text.Json;
using Larkspur.Feishu.SignIn;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.DataProtection;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.Authorizations.Tokens;

/// <summary>Keeps people's tokens encrypted in the database, for all processes on it; one refresh of a person at a time among all of
/// them.</summary>
/// <remarks>A refresh token is good once. A process that dies between the platform's answer and the writing of it takes the new tokens
/// with it: the person is asked again. One that stands still for longer than <see cref="Hold"/> writes nothing over what others
/// have written meanwhile.</remarks>
internal sealed partial class UserTokenStore(
    IDatabase database, IDataProtectionProvider protection, TimeProvider clock, ILogger<UserTokenStore> logger)
{
    private const string Purpose = "user tokens";

    /// <summary>Longer than a refresh with its second try takes: twice the client's time for a call.</summary>
    private static readonly TimeSpan Hold = TimeSpan.FromSeconds(90);

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    // At the first token: the key ring is in the database, and making its first key is a write.
    private readonly Lazy<IDataProtector> _protector = new(() => protection.CreateProtector(Purpose));
    private readonly ConcurrentDictionary<string, Waiting> _waiting = new(StringComparer.Ordinal);

    public static SealedColumns Columns { get; } = new("user_token", "id", ["sealed"], [new(Purpose)]);

    /// <summary>The calls of an app in people's names.</summary>
    public FeishuUsers Of(FeishuApp app) => new(app.Client, new OfApp(this, app.Name, app.Client.Options.AppId));

    /// <summary>Tokens of the person are kept, and can be read.</summary>
    public async ValueTask<bool> HasAsync(ISql sql, FeishuApp app, string openId)
    {
        var id = UserTokenRows.IdOf(app.Client.Options.AppId, openId);
        return await UserTokenRows.FindAsync(sql, id) is { } kept && Open(id, kept) is not null;
    }

    /// <summary>Keeps what a person's yes brought, in its transaction. A refresh that is under way writes nothing over it.</summary>
    public ValueTask SaveAsync(IUnitOfWork unit, FeishuApp app, string openId, FeishuUserTokens tokens) =>
        UserTokenRows.SaveAsync(unit, RowOf(app.Name, app.Client.Options.AppId, openId, tokens));

    private async Task<FeishuUserTokens?> FindAsync(string id, CancellationToken cancellation) =>
        await database.ReadAsync(sql => UserTokenRows.FindAsync(sql, id), cancellation) is { } kept ? Open(id, kept) : null;

    private IDatabase Database => database;

    private FeishuUserTokens? Open(string id, string sealedTokens)
    {
        try
        {
            return JsonSerializer.Deserialize<FeishuUserTokens>(_protector.Value.Unprotect(sealedTokens));
        }
        catch (CryptographicException e)
        {
            Unreadable(id, e);
            return null;
        }
    }

    private UserTokenRow RowOf(string app, string appId, string openId, FeishuUserTokens tokens) => new(UserTokenRows.IdOf(appId, openId),
        app, openId, _protector.Value.Protect(JsonSerializer.Serialize(tokens)), string.Join(' ', tokens.Scopes), tokens.ExpiresAt,
        tokens.RefreshExpiresAt, clock.GetUtcNow());

    private async ValueTask<IAsyncDisposable> LockAsync(string id, string app, string openId, CancellationToken cancellation)
    {
        // Those of this process one after the other, so that only one of them asks the database again and again.
        var waiting = _waiting.AddOrUpdate(id, _ => new Waiting(new SemaphoreSlim(1), 1), (_, w) => w with { Count = w.Count + 1 });
        var held = new Held(this, id, waiting.Gate);
        try
        {
            await waiting.Gate.WaitAsync(cancellation);
        }
        catch
        {
            Leave(id);
            throw;
        }

        try
        {
            while (!await database.TransactAsync(unit => UserTokenRows.LockAsync(unit, id, app, openId, held.Name, clock.GetUtcNow(),
                clock.GetUtcNow() + Hold), cancellation)) await Task.Delay(LookAgain, clock, cancellation);
            return held;
        }
        catch
        {
            waiting.Gate.Release();
            Leave(id);
            throw;
        }
    }

    private void Leave(string id)
    {
        while (_waiting.TryGetValue(id, out var waiting))
        {
            if (waiting.Count == 1 ? _waiting.TryRemove(KeyValuePair.Create(id, waiting))
                : _waiting.TryUpdate(id, waiting with { Count = waiting.Count - 1 }, waiting)) return;
        }
    }

    [LoggerMessage(LogLevel.Error, "The tokens {Id} cannot be decrypted: the key ring or LARKSPUR_MASTER_KEY is another one. Their person "
        + "is asked again")]
    private partial void Unreadable(string id, Exception error);

    private sealed record Waiting(SemaphoreSlim Gate, int Count);

    private sealed class Held(UserTokenStore store, string id, SemaphoreSlim gate) : IAsyncDisposable
    {
        public string Name { get; } = Guid.NewGuid().ToString("N");

        public async ValueTask DisposeAsync()
        {
            try
            {
                await store.Database.TransactAsync(unit => UserTokenRows.UnlockAsync(unit, id, Name), CancellationToken.None);
            }
            catch (StorageUnavailableException)
            {
                // It ends by itself.
            }
            finally
            {
                gate.Release();
                store.Leave(id);
            }
        }
    }

    private sealed class OfApp(UserTokenStore store, string app, string appId) : IFeishuUserTokenStore
    {
        public async ValueTask<FeishuUserTokens?> FindAsync(string openId, CancellationToken cancellationToken) =>
            await store.FindAsync(UserTokenRows.IdOf(appId, openId), cancellationToken);

        public async ValueTask SaveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken) =>
            await store.Database.TransactAsync(unit => UserTokenRows.SaveAsync(unit, store.RowOf(app, appId, openId, tokens)),
                cancellationToken);

        /// <summary>Encryption makes another text each time, so the row is compared as it lies there.</summary>
        public async ValueTask RenewAsync(string openId, FeishuUserTokens before, FeishuUserTokens renewed,
            CancellationToken cancellationToken)
        {
            var row = store.RowOf(app, appId, openId, renewed);
            await OfAsync(openId, before, (unit, kept) => UserTokenRows.ReplaceAsync(unit, row, kept), cancellationToken);
        }

        public async ValueTask RemoveAsync(string openId, FeishuUserTokens tokens, CancellationToken cancellationToken) =>
            await OfAsync(openId, tokens, (unit, kept) => UserTokenRows.ForgetThoseAsync(unit, UserTokenRows.IdOf(appId, openId), kept),
                cancellationToken);

        private Task OfAsync(string openId, FeishuUserTokens tokens, Func<IUnitOfWork, string, ValueTask> change,
            CancellationToken cancellationToken) => store.Database.TransactAsync(async unit =>
            {
                var id = UserTokenRows.IdOf(appId, openId);
                if (await UserTokenRows.FindAsync(unit, id) is { } kept && store.Open(id, kept)?.AccessToken == tokens.AccessToken)
                    await change(unit, kept);
            }, cancellationToken);

        public ValueTask<IAsyncDisposable> LockAsync(string openId, CancellationToken cancellationToken) =>
            store.LockAsync(UserTokenRows.IdOf(appId, openId), app, openId, cancellationToken);
    }
}
