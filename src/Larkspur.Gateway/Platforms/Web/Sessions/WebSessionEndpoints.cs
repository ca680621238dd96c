using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.Common.Refusals;
using Larkspur.Gateway.Common.Text;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.Settings;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>Sessions of the web chat over REST, for business systems. See docs/web-chat.md.</summary>
internal sealed class WebSessionEndpoints(WebSessions sessions, WebSessionStore store, ISettings settings, TimeProvider clock)
{
    private const int MostOnPage = 200;
    private const int NormalPage = 50;

    public async Task<IResult> BeginAsync(Body<WebSessionWanted> body, CancellationToken cancellation)
    {
        var wanted = Checked(await body.ReadAsync(cancellation));
        var (token, session) = await sessions.BeginAsync(Caller.Grant(body.Http), wanted, cancellation);
        // Embedded, the browser has to know before it has the token which sites may do so: the name, which is no secret, says it.
        var address = $"{Root(body.Http.Request)}{WebChat.Page}{(session.Origins.Count > 0 ? "/" + session.Name : "")}#{token}";
        return TypedResults.Created($"/api/v1/web-chat/sessions/{session.Name}", new WebSessionBegun(token, address, WebSessionView.Of(session, clock.GetUtcNow())));
    }

    public async Task<IResult> ListAsync(WebSessionQuery query, HttpContext http, CancellationToken cancellation)
    {
        if (query.Limit is < 1 or > MostOnPage) throw RequestRefusedException.Malformed("bad_limit", "?limit", $"From 1 to {MostOnPage}.");
        if (query.Person is { Length: > 0 } person && !KnownPerson.IsId(person)) throw RequestRefusedException.Malformed("bad_filter", "?person", "A person's id is pe_ and 32 hex digits.");
        var (limit, by) = (query.Limit ?? NormalPage, Caller.Grant(http));
        // Who may read what nobody's key made may read everything.
        var owner = by.MayRead("") ? null : by.Owner;
        var now = clock.GetUtcNow();
        var found = await store.ListAsync(ListQuery.NullIfEmpty(query.Person), owner,
            query.Ended == true ? null : now, query.Cursor, limit + 1, cancellation);
        return TypedResults.Ok(new WebSessionList([.. found.Take(limit).Select(s => WebSessionView.Of(s, now))], found.Count > limit ? found[limit - 1].Id : null));
    }

    /// <summary>Another system's are as if there were none.</summary>
    public async Task<IResult> ShowAsync(string id, HttpContext http, CancellationToken cancellation) =>
        Answer(WebSession.IsName(id) && await store.FindAsync(id, cancellation) is { } session
            && Caller.Grant(http).MayRead(session.Owner) ? session : null);

    /// <inheritdoc cref="ShowAsync"/>
    public async Task<IResult> RevokeAsync(string id, HttpContext http, CancellationToken cancellation) =>
        Answer(WebSession.IsName(id) ? await sessions.RevokeAsync(Caller.Grant(http), id, cancellation) : null);

    private IResult Answer(WebSession? session) => session is not null ? TypedResults.Ok(WebSessionView.Of(session, clock.GetUtcNow()))
        : throw new RequestRefusedException(StatusCodes.Status404NotFound, "not_found", "/{id}", "No session has this id.");

    private string Root(HttpRequest request) => settings.Now.Text(FeishuIntegration.CallbackDomain)?.TrimEnd('/') ?? $"{request.Scheme}://{request.Host}";

    private static NewSession Checked(WebSessionWanted wanted)
    {
        var (person, issuer, subject) = (wanted.Person, wanted.Issuer, wanted.Subject);
        var (name, email, locale) = (wanted.Name, wanted.Email, wanted.Locale);
        var origins = (wanted.Origins ?? []).Select((o, i) => SessionOrigins.Checked(o, $"/origins/{i}")).Distinct().ToArray();
        if (person is null == (issuer is null && subject is null)) throw RequestRefusedException.Malformed("person_or_subject", null, "Give either person, or issuer and subject.");
        if (person is null && (issuer is null || subject is null)) throw RequestRefusedException.Malformed("missing", issuer is null ? "/issuer" : "/subject", "issuer and subject name somebody together.");
        if (person is not null && !KnownPerson.IsId(person)) throw RequestRefusedException.Impossible("bad_id", "/person", "A person's id is pe_ and 32 hex digits.");
        if (person is not null && (name ?? email) is not null) throw RequestRefusedException.Malformed("person_or_subject", name is null ? "/email" : "/name", "Of a person whom the gateway knows, name and mail address are known.");
        if (issuer is not null && !IssuerName.IsSound(issuer))
            throw RequestRefusedException.Impossible("bad_issuer", "/issuer", IssuerName.Rule);
        if (subject is not null && !SubjectName.IsSound(subject))
            throw RequestRefusedException.Impossible("bad_id", "/subject", SubjectName.Rule);
        if (name is not null && !SubjectName.IsShownName(name))
        {
            throw RequestRefusedException.Impossible("bad_text", "/name",
                "A name has no control characters, and none that change the direction of what stands beside it.");
        }

        if (email is not null && PlatformAccount.EmailOf(email) is null) throw RequestRefusedException.Impossible("bad_email", "/email", "It is no mail address of ASCII letters.");
        if (locale is not (null or "zh_cn" or "en_us")) throw RequestRefusedException.Impossible("bad_language", "/locale", "locale is zh_cn or en_us.");
        return new NewSession
        {
            Person = person, Issuer = issuer, Subject = subject, Name = name, Email = email, Language = Languages.FromTag(locale),
            Lifetime = wanted.LifetimeSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : WebSessions.Normal, Origins = origins,
        };
    }
}

/// <summary>Their routes.</summary>
internal static class WebSessionRoutes
{
    public static void MapWebSessions(this IEndpointRouteBuilder api)
    {
        var sessions = api.MapGroup("/web-chat/sessions");
        sessions.MapPost("", (Body<WebSessionWanted> body, WebSessionEndpoints on, CancellationToken cancellation) =>
                on.BeginAsync(body, cancellation))
            .WithName("BeginWebSession").Needs(ApiScopes.WebChatWrite).WithSummary("Begin a session of the web chat for a person")
            .WithDescription("Whoever has the token speaks as that person until it ends: give it to nobody but their browser. "
                + "The token is in this answer and nowhere else; each call begins another session. "
                + "A key begins sessions for subjects of its own issuers (issuer_not_held), "
                + "and with web-chat:person for any person (missing_scope). Audited.")
            .Produces<WebSessionBegun>(StatusCodes.Status201Created).Refuses(400, 403, 409, 413, 415, 422);
        sessions.MapGet("", (
                [AsParameters] WebSessionQuery query, HttpContext http, WebSessionEndpoints on, CancellationToken cancellation) => on.ListAsync(query, http, cancellation))
            .WithName("ListWebSessions").Needs(ApiScopes.WebChatRead).WithSummary("Sessions of the web chat, the newest first")
            .WithDescription("Those that keys of the calling key's system began; with others:read all of them.").Produces<WebSessionList>()
            .Refuses(400);
        sessions.MapGet("/{id}", (
                string id, HttpContext http, WebSessionEndpoints on, CancellationToken cancellation) => on.ShowAsync(id, http, cancellation))
            .WithName("GetWebSession").Needs(ApiScopes.WebChatRead).WithSummary("A session of the web chat")
            .WithDescription("Another system's is not found, but with others:read.").Produces<WebSessionView>().Refuses(404);
        sessions.MapDelete("/{id}", (string id, HttpContext http, WebSessionEndpoints on, CancellationToken cancellation) => on.RevokeAsync(id, http, cancellation))
            .WithName("RevokeWebSession").Needs(ApiScopes.WebChatWrite).WithSummary("End a session of the web chat")
            .WithDescription("Its token counts for nothing at once, in all processes, and open event streams end. A repeat finds it done. "
                + "Another system's is not found, but with others:write. Audited.").Produces<WebSessionView>().Refuses(404);
    }
}
