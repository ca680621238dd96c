using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.SignIn.Providers.Protocol;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Redaction;
using Larkspur.Gateway.Storage;
using Microsoft.AspNetCore.DataProtection;

namespace Larkspur.Gateway.People.SignIn.Providers.Rows;

/// <summary>Identity providers, added, changed and taken away while the gateway runs; all processes follow.</summary>
internal sealed partial class ProviderStore : IDisposable
{
    public const string Purpose = "identity providers";

    /// <summary>Each is a button of the page.</summary>
    public const int Most = 50;

    private const string Usual = "name";
    private static readonly string[] UsualScopes = ["openid", "profile"];

    private readonly AuditTrail _audit;
    private readonly SignInSessions _sessions;
    private readonly SecretRegistry _redaction;
    private readonly TimeProvider _clock;
    private readonly ILogger<ProviderStore> _logger;
    private readonly Lazy<IDataProtector> _protector;
    private readonly CachedTable<List<ProviderRow>, Known> _watched;

    public ProviderStore(IDatabase database, AuditTrail audit, IDataProtectionProvider protection, SecretRegistry redaction,
        SignInSessions sessions, TimeProvider clock, ILogger<ProviderStore> logger)
    {
        (_audit, _redaction, _sessions, _clock, _logger) = (audit, redaction, sessions, clock, logger);
        // At the first secret: the key ring is in the database, and making its first key is a write.
        _protector = new Lazy<IDataProtector>(() => protection.CreateProtector(Purpose));
        _watched = new CachedTable<List<ProviderRow>, Known>("identity_providers",
            new Known(FrozenDictionary<string, Item>.Empty), database, ProviderRow.AllAsync, KnownOf, logger);
    }

    /// <summary>The copy that follows the table.</summary>
    public ICachedTable CachedTable => _watched;

    /// <summary>By name.</summary>
    public IEnumerable<IdentityProvider> All =>
        _watched.Now.ByName.Values.Select(i => i.Provider).OrderBy(p => p.Name, StringComparer.Ordinal);

    /// <summary>The provider of a name; null: there is none.</summary>
    public IdentityProvider? Find(string name) => _watched.Now.ByName.GetValueOrDefault(name)?.Provider;

    /// <summary>Adds a provider, or changes what <paramref name="change"/> names of one.</summary>
    /// <returns>True: it is new.</returns>
    /// <exception cref="ProviderRefusedException">It cannot be so, or it is not the caller's.</exception>
    public async Task<bool> PutAsync(KeyGrant by, string name, ProviderChange change, CancellationToken cancellation)
    {
        var secret = change.ClientSecret is { } given ? _protector.Value.Protect(given) : null;
        return await _watched.ChangeAsync(async unit =>
        {
            var before = await ProviderRow.FindAsync(unit, name);
            if (before is not null) Demand(by, before, "name_in_use");
            else if (await unit.NumberAsync("SELECT COUNT(*) FROM identity_provider") >= Most)
                throw new ProviderRefusedException("too_many");
            var row = before is null ? RowOf(by, name, change, secret) : Changed(by, before, change, secret);
            Judge(row);
            await row.WriteAsync(unit);
            // Who was let in by what it was is not let in by what it is now.
            if (before is not null && (!row.Enabled || row.Issuer != before.Issuer || row.GroupsClaim != before.GroupsClaim))
                await _sessions.EndOfMethodAsync(unit, by.Who, name);
            await _audit.AddAsync(unit, by.Who, before is null ? "identity_provider.created" : "identity_provider.changed", name,
                Detail(change));
            return before is null;
        }, cancellation);
    }

    /// <summary>Takes a provider away; accounts that people have by it stay theirs.</summary>
    /// <returns>False: for this caller there is none.</returns>
    /// <exception cref="ProviderRefusedException">It is another system's.</exception>
    public Task<bool> DeleteAsync(KeyGrant by, string name, CancellationToken cancellation) => _watched.ChangeAsync(async unit =>
    {
        if (await ProviderRow.FindAsync(unit, name) is not { } before || !by.MayRead(before.Owner)) return false;
        Demand(by, before, "not_found");
        await unit.ExecuteAsync("DELETE FROM identity_provider WHERE name = $1", name);
        await _sessions.EndOfMethodAsync(unit, by.Who, name);
        await _audit.AddAsync(unit, by.Who, "identity_provider.deleted", name, new JsonObject { ["issuer"] = before.Issuer });
        return true;
    }, cancellation);

    public void Dispose() => _watched.Dispose();

    private ProviderRow RowOf(KeyGrant by, string name, ProviderChange change, string? secret)
    {
        var issuer = change.Issuer ?? throw new ProviderRefusedException("missing", "/issuer");
        var now = _clock.GetUtcNow();
        return new ProviderRow
        {
            Name = name, TitleZh = change.TitleZh ?? change.TitleEn ?? name, TitleEn = change.TitleEn ?? change.TitleZh ?? name,
            Issuer = issuer, ClientId = change.ClientId ?? throw new ProviderRefusedException("missing", "/client_id"),
            ClientSecret = secret, ClientAuth = change.ClientAuth ?? ClientProof.Auto,
            Product = change.Product ?? (EntraIssuer.IsOne(issuer) ? IdentityProvider.Entra : IdentityProvider.OpenId),
            Scopes = string.Join(' ', change.Scopes ?? UsualScopes), NameClaim = change.NameClaim ?? Usual,
            GroupsClaim = change.GroupsClaim ?? "", Tenants = string.Join(' ', change.AllowedTenants ?? []),
            AllowGuests = change.AllowGuests ?? false, CreatePeople = change.CreatePeople ?? false, Enabled = change.Enabled ?? true,
            Owner = change.Owner ?? by.Owner, CreatedAt = now, ChangedAt = now, ChangedBy = by.Who.Name,
        };
    }

    private ProviderRow Changed(KeyGrant by, ProviderRow before, ProviderChange change, string? secret)
    {
        var moves = change.Issuer is { } issuer && issuer != before.Issuer;
        // Whoever names another issuer would have the secret sent there without knowing it.
        if (moves && secret is null && before.ClientSecret is not null && change.ClientAuth != ClientProof.None)
            throw new ProviderRefusedException("missing", "/client_secret",
                "Another issuer is another identity provider: give the client secret that it knows.");
        // Everybody's account there would be another one, and nobody would be known.
        if (!moves && change.Product is { } product && product != before.Product)
            throw new ProviderRefusedException("bad_value", "/product",
                $"It stays {before.Product} with this issuer: who somebody is there would be another id.");
        return before with
        {
            TitleZh = change.TitleZh ?? before.TitleZh, TitleEn = change.TitleEn ?? before.TitleEn,
            Issuer = change.Issuer ?? before.Issuer, ClientId = change.ClientId ?? before.ClientId,
            ClientSecret = change.ClientAuth == ClientProof.None ? secret : secret ?? before.ClientSecret,
            ClientAuth = change.ClientAuth ?? before.ClientAuth,
            Product = change.Product ?? (!moves ? before.Product
                : EntraIssuer.IsOne(change.Issuer!) ? IdentityProvider.Entra : IdentityProvider.OpenId),
            Scopes = change.Scopes is { } scopes ? string.Join(' ', scopes) : before.Scopes,
            NameClaim = change.NameClaim ?? before.NameClaim, GroupsClaim = change.GroupsClaim ?? before.GroupsClaim,
            Tenants = change.AllowedTenants is { } tenants ? string.Join(' ', tenants) : before.Tenants,
            AllowGuests = change.AllowGuests ?? before.AllowGuests, CreatePeople = change.CreatePeople ?? before.CreatePeople,
            Enabled = change.Enabled ?? before.Enabled, Owner = change.Owner ?? before.Owner, ChangedAt = _clock.GetUtcNow(),
            ChangedBy = by.Who.Name,
        };
    }

    /// <summary>The whole of it fits together, whatever was there before.</summary>
    /// <exception cref="ProviderRefusedException">It does not.</exception>
    private static void Judge(ProviderRow row)
    {
        if (row.ClientAuth == ClientProof.None && row.ClientSecret is not null)
            throw new ProviderRefusedException("two_ways", "/client_secret",
                "A secret is given, and client_auth says that there is none: leave one of the two out.");
        if (row.ClientAuth != ClientProof.None && row.ClientSecret is null)
            throw new ProviderRefusedException("missing", "/client_secret",
                "The client secret is missing. For a public client, which has none, set client_auth to none.");
        if (EntraIssuer.IsOne(row.Issuer) && row.Product != IdentityProvider.Entra)
            throw new ProviderRefusedException("bad_value", "/product",
                "This issuer is Entra: there sub is another one for each client, and guests are told from members by Entra's own claims.");
        if (row.Product != IdentityProvider.Entra && (row.Tenants.Length > 0 || row.AllowGuests))
            throw new ProviderRefusedException("bad_value", row.Tenants.Length > 0 ? "/allowed_tenants" : "/allow_guests",
                "Only Entra has tenants and guests: leave it out, or set product to entra.");
        if (row.Product == IdentityProvider.Entra && EntraIssuer.IsOfMany(row.Issuer) && row.Tenants.Length == 0)
            throw new ProviderRefusedException("missing", "/allowed_tenants",
                "This issuer is for all tenants of Entra: list the ids of those whose members may sign in.");
    }

    private static JsonObject Detail(ProviderChange change)
    {
        var detail = new JsonObject();
        Add("issuer", change.Issuer);
        Add("client_id", change.ClientId);
        // Of a secret it is said that it changed.
        if (change.ClientSecret is not null) detail["client_secret"] = true;
        Add("client_auth", change.ClientAuth);
        Add("product", change.Product);
        Add("title_zh", change.TitleZh);
        Add("title_en", change.TitleEn);
        Add("scopes", change.Scopes is { } scopes ? string.Join(' ', scopes) : null);
        Add("name_claim", change.NameClaim);
        Add("groups_claim", change.GroupsClaim);
        Add("allowed_tenants", change.AllowedTenants is { } tenants ? string.Join(' ', tenants) : null);
        if (change.AllowGuests is { } guests) detail["allow_guests"] = guests;
        if (change.CreatePeople is { } makes) detail["create_people"] = makes;
        if (change.Enabled is { } enabled) detail["enabled"] = enabled;
        Add("system", change.Owner);
        return detail;

        void Add(string name, string? value)
        {
            if (value is not null) detail[name] = value;
        }
    }

    private static void Demand(KeyGrant by, ProviderRow before, string missing)
    {
        if (!by.MayRead(before.Owner)) throw new ProviderRefusedException(missing);
        if (!by.MayChange(before.Owner)) throw new ProviderRefusedException("system_not_held");
    }

    private Known KnownOf(long version, List<ProviderRow> rows)
    {
        var before = _watched.Now;
        var items = rows.ConvertAll(row => before.ByName.TryGetValue(row.Name, out var known) && known.Row == row ? known : ItemOf(row));
        // Whoever adds a provider has chosen it: what else stands in a log must not vanish by it.
        _redaction.Tell("identity providers", [], items.Select(i => i.Provider.ClientSecret).OfType<string>());
        return new Known(items.ToFrozenDictionary(i => i.Row.Name, StringComparer.Ordinal));
    }

    private Item ItemOf(ProviderRow row) => new(row, new IdentityProvider
    {
        Name = row.Name, Title = new LocalText(row.TitleZh, row.TitleEn), Issuer = row.Issuer, ClientId = row.ClientId,
        ClientSecret = row.ClientSecret is { } hidden ? Unprotect(row, hidden) : null, HasSecret = row.ClientSecret is not null,
        ClientAuth = row.ClientAuth, Product = row.Product, Scopes = Split(row.Scopes), NameClaim = row.NameClaim,
        GroupsClaim = row.GroupsClaim is { Length: > 0 } groups ? groups : null, AllowedTenants = Split(row.Tenants),
        AllowGuests = row.AllowGuests, CreatePeople = row.CreatePeople, Enabled = row.Enabled, Owner = row.Owner,
        CreatedAt = row.CreatedAt, ChangedAt = row.ChangedAt, ChangedBy = row.ChangedBy,
    });

    private static string[] Split(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private string? Unprotect(ProviderRow row, string hidden)
    {
        try
        {
            return _protector.Value.Unprotect(hidden);
        }
        catch (CryptographicException e)
        {
            SecretUnreadable(row.Name, e);
            return null;
        }
    }

    /// <summary>Not a record: its text would show the secret.</summary>
    private sealed class Item(ProviderRow row, IdentityProvider provider)
    {
        public ProviderRow Row { get; } = row;

        public IdentityProvider Provider { get; } = provider;
    }

    private sealed record Known(FrozenDictionary<string, Item> ByName);

    [LoggerMessage(LogLevel.Error, "The client secret of the identity provider {Provider} cannot be decrypted: the key ring or "
        + "LARKSPUR_MASTER_KEY is another one. Set it again; nobody signs in by it until then")]
    private partial void SecretUnreadable(string provider, Exception error);
}
