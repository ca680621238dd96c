using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>Begins sessions for people, and ends them.</summary>
internal sealed class WebSessions(
    IDatabase database, IIdentities identities, OpenSessions open, AuditTrail audit, ChatReaders readers, TimeProvider clock)
{
    public static readonly TimeSpan Normal = TimeSpan.FromHours(8);
    public const int LongestSeconds = 7 * 24 * 60 * 60;
    public const int ShortestSeconds = 60;

    /// <summary>Of one person at a time, begun by one system.</summary>
    private const int MostOfOne = 100;

    /// <summary>Begins a session. The token is in this answer and nowhere else.</summary>
    /// <exception cref="RequestRefusedException">The key may not begin it; or there is no such person, they are shut out, or have too many
    /// sessions.</exception>
    public async Task<(string Token, WebSession Session)> BeginAsync(KeyGrant by, NewSession wanted, CancellationToken cancellation)
    {
        // Before anybody is looked for: the answer must not tell whom the gateway knows.
        Judge(by, wanted);
        var person = await PersonAsync(wanted, cancellation);
        if (person.IsDisabled) throw new RequestRefusedException(StatusCodes.Status409Conflict, "person_disabled", null, "An administrator has shut this person out.");
        var now = clock.GetUtcNow();
        var token = SessionToken.Make();
        var session = new WebSession
        {
            Name = WebSession.NewName(), Person = person.Id, Named = wanted.Person, Issuer = wanted.Issuer, Subject = wanted.Subject, PersonName = wanted.Name, Email = wanted.Email,
            Language = wanted.Language, Origins = wanted.Origins, CreatedAt = now, CreatedBy = by.Who.Name, ExpiresAt = now + wanted.Lifetime, Owner = by.Owner,
        };
        var hash = SessionToken.Hash(token);
        await database.TransactAsync(async unit =>
        {
            if (await WebSessionStore.CountOpenAsync(unit, person.Id, session.Owner, now) >= MostOfOne)
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "too_many_sessions", null, $"This person has {MostOfOne} open sessions: revoke some, or let them expire.");
            unit.Announce(Topics.WebSessions, await WebSessionStore.AddAsync(unit, session, hash));
            await audit.AddAsync(unit, by.Who, "web_session.begun", session.Name, Detail(session));
            unit.AfterCommit(() =>
            {
                open.Add(SessionKey.OfHash(hash));
                open.Add(SessionKey.OfName(session.Name));
            });
        }, cancellation);
        return (token, session);
    }

    /// <summary>Ends a session at once. A repeat finds it done.</summary>
    /// <returns>Null: there is none of this name that the key may end.</returns>
    public Task<WebSession?> RevokeAsync(KeyGrant by, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await WebSessionStore.FindAsync(unit, name) is not { } session || !by.MayChange(session.Owner)) return null;
        if (await WebSessionStore.RevokeAsync(unit, name, by.Who.Name, clock.GetUtcNow()))
        {
            await audit.AddAsync(unit, by.Who, "web_session.revoked", name);
            unit.Announce(Topics.WebSessions, session.Id);
            unit.AfterCommit(() => readers.SessionsEnded([session.Id]));
        }

        return await WebSessionStore.FindAsync(unit, name);
    }, cancellation);

    /// <summary>Whom the key may speak for.</summary>
    private static void Judge(KeyGrant by, NewSession wanted)
    {
        if (wanted.Person is not null && !by.Has(ApiScopes.WebChatPerson))
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "missing_scope", "/person",
                $"A session for any person takes a key that holds {ApiScopes.WebChatPerson}. Begin it for an issuer's subject.");
        }

        if (wanted.Issuer is { } issuer && by.Scopes is not null && by.Reach?.Issuers?.Contains(issuer, StringComparer.Ordinal) != true)
        {
            throw new RequestRefusedException(StatusCodes.Status403Forbidden, "issuer_not_held", "/issuer",
                "The key does not hold this issuer, as it is written here. Whoever makes keys names it in the key's issuers.");
        }
    }

    private async Task<KnownPerson> PersonAsync(NewSession wanted, CancellationToken cancellation)
    {
        if (wanted.Person is { } id) return await identities.FindAsync(id, cancellation) ?? throw RequestRefusedException.Impossible("unknown_person", "/person", "Nobody has this id.");
        try
        {
            return await identities.GetOrCreateAsync(new PlatformAccount
            {
                Platform = WebChat.Platform, App = WebChat.App, Ids = [WebSession.IdentityOf(wanted.Issuer!, wanted.Subject!)],
                Name = wanted.Name, VerifiedEmail = wanted.Email,
            }, cancellation);
        }
        catch (ArgumentException)
        {
            throw RequestRefusedException.Impossible("bad_id", "/subject", "issuer or subject is no text that names somebody.");
        }
    }

    private static JsonObject Detail(WebSession session) => new()
    {
        ["person"] = session.Person, ["owner"] = session.Owner, ["issuer"] = session.Issuer, ["subject"] = session.Subject,
        ["expires_at"] = session.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
        ["origins"] = new JsonArray([.. session.Origins.Select(o => (JsonNode?)o)]),
    };
}

/// <summary>A session that is to begin: for a person by id, or for an issuer's subject.</summary>
internal sealed record NewSession
{
    public string? Person { get; init; }

    public string? Issuer { get; init; }

    public string? Subject { get; init; }

    public string? Name { get; init; }

    public string? Email { get; init; }

    public Language? Language { get; init; }

    public required TimeSpan Lifetime { get; init; }

    public IReadOnlyList<string> Origins { get; init; } = [];
}
