using System.Globalization;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Bots;
using Larkspur.Gateway.Channels.Web.Serving;
using Larkspur.Gateway.Messages;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Storage;

namespace Larkspur.Gateway.Channels.Web.Sessions;

/// <summary>Begins sessions for people, and ends them.</summary>
internal sealed class WebSessions(IDatabase database, IIdentities identities, AuditTrail audit, ChatReaders readers, TimeProvider clock)
{
    public static readonly TimeSpan Normal = TimeSpan.FromHours(8);
    public static readonly TimeSpan Longest = TimeSpan.FromDays(7);
    public static readonly TimeSpan Shortest = TimeSpan.FromMinutes(1);

    /// <summary>Of one person at a time.</summary>
    private const int MostOfOne = 100;

    /// <summary>Begins a session. The token is in this answer and nowhere else.</summary>
    /// <exception cref="RequestRefusedException">There is no such person, they are shut out, or have too many sessions.</exception>
    public async Task<(string Token, WebSession Session)> BeginAsync(Actor who, NewSession wanted, CancellationToken cancellation)
    {
        var person = await PersonAsync(wanted, cancellation);
        if (person.IsDisabled) throw new RequestRefusedException(StatusCodes.Status409Conflict, "person_disabled", null, "An administrator has shut this person out.");
        var now = clock.GetUtcNow();
        var token = SessionToken.Make();
        var session = new WebSession
        {
            Name = WebSession.NewName(), Person = person.Id, Named = wanted.Person, Issuer = wanted.Issuer, Subject = wanted.Subject, PersonName = wanted.Name, Email = wanted.Email, Language = wanted.Language, Origins = wanted.Origins,
            CreatedAt = now, CreatedBy = who.Name, ExpiresAt = now + wanted.Lifetime,
        };
        await database.TransactAsync(async unit =>
        {
            if (await WebSessionStore.CountOpenAsync(unit, person.Id, now) >= MostOfOne)
                throw new RequestRefusedException(StatusCodes.Status409Conflict, "too_many_sessions", null, $"This person has {MostOfOne} open sessions: revoke some, or let them expire.");
            await WebSessionStore.AddAsync(unit, session, SessionToken.Hash(token));
            await audit.AddAsync(unit, who, "web_session.begun", session.Name, Detail(session));
        }, cancellation);
        return (token, session);
    }

    /// <summary>Ends a session at once. A repeat finds it done.</summary>
    /// <returns>Null: there is none of this name.</returns>
    public Task<WebSession?> RevokeAsync(Actor who, string name, CancellationToken cancellation) => database.TransactAsync(async unit =>
    {
        if (await WebSessionStore.RevokeAsync(unit, name, who.Name, clock.GetUtcNow()))
        {
            await audit.AddAsync(unit, who, "web_session.revoked", name);
            unit.AfterCommit(() => readers.SessionEnded(name));
        }

        return await WebSessionStore.FindAsync(unit, name);
    }, cancellation);

    private async Task<KnownPerson> PersonAsync(NewSession wanted, CancellationToken cancellation)
    {
        if (wanted.Person is { } id) return await identities.FindAsync(id, cancellation) ?? throw RequestRefusedException.Impossible("unknown_person", "/person", "Nobody has this id.");
        try
        {
            return await identities.MeetAsync(new PlatformAccount
            {
                Platform = WebChat.Platform, App = WebChat.App, Ids = [new PlatformIdentity(WebChat.Platform, wanted.Issuer!, "subject", wanted.Subject!)], Name = wanted.Name, VerifiedEmail = wanted.Email,
            }, cancellation);
        }
        catch (ArgumentException)
        {
            throw RequestRefusedException.Impossible("bad_id", "/subject", "issuer or subject is no text that names somebody.");
        }
    }

    private static JsonObject Detail(WebSession session) => new()
    {
        ["person"] = session.Person, ["issuer"] = session.Issuer, ["subject"] = session.Subject, ["expires_at"] = session.ExpiresAt.ToString("O", CultureInfo.InvariantCulture),
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
