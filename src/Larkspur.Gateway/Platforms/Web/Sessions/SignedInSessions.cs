using Larkspur.Gateway.Audit;
using Larkspur.Gateway.Common.Localisation;
using Larkspur.Gateway.People.Identities;
using Larkspur.Gateway.People.SignIn;
using Larkspur.Gateway.People.SignIn.Methods;
using Larkspur.Gateway.People.SignIn.Sessions;
using Larkspur.Gateway.Platforms.Web.Chats;
using Larkspur.Gateway.Platforms.Web.Serving;
using Larkspur.Gateway.Settings;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Storage.Leases;

namespace Larkspur.Gateway.Platforms.Web.Sessions;

/// <summary>Sessions of the chat for people who sign in with an account of the company: no business system begins them.</summary>
internal sealed class SignedInSessions(
    SignInSessions signIns, SignInMethods methods, IIdentities identities, IDatabase database, OpenSessions open, ChatReaders readers,
    AuditTrail audit, ISettings settings, TimeProvider clock) : ISignInSessionEnd
{
    public const string Setting = "web_chat.sign_in";

    /// <summary>Of one person at a time; the oldest ends when there is one more.</summary>
    private const int Most = 20;

    private const string By = "sign-in:";

    public static SettingDefinition Definition { get; } = new(Setting, SettingKind.Flag)
    {
        Default = "true", Title = WebTexts.SignInSetting, Help = WebTexts.SignInSettingHelp,
    };

    /// <summary>People may begin a chat by signing in.</summary>
    public bool IsOn => settings.Now.IsOn(Setting) && methods.All.Count > 0;

    /// <summary>Begins a session for whoever is signed in, and leads to its page; whoever is not signs in first. The token is in the
    /// address's fragment, which no server and no log sees.</summary>
    public async Task BeginAsync(HttpContext http)
    {
        if (!IsOn)
        {
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        var cancellation = http.RequestAborted;
        http.Response.StatusCode = StatusCodes.Status303SeeOther;
        if (await signIns.OfRequestAsync(http, cancellation) is not { } signIn || await identities.FindAsync(signIn.Person,
            cancellation) is not { } person)
        {
            http.Response.Headers.Location = SignInPaths.To(WebChat.SignIn);
            return;
        }

        var now = clock.GetUtcNow();
        var token = SessionToken.Make();
        var session = new WebSession
        {
            Name = WebSession.NewName(), Person = person.Id, Named = person.Id, PersonName = person.Name, Origins = [], CreatedAt = now,
            CreatedBy = By + signIn.Sid, ExpiresAt = now + WebSessions.Normal, Owner = "",
        };
        var hash = SessionToken.Hash(token);
        var begun = await database.TransactAsync(async unit =>
        {
            // Whoever signed out meanwhile begins nothing by it.
            if (await signIns.HoldAsync(unit, signIn.Sid) is null) return false;
            var ended = await WebSessionStore.RevokeOldestAsync(unit, person.Id, By, Most - 1, now);
            foreach (var id in ended) unit.Announce(Topics.WebSessions, id);
            unit.Announce(Topics.WebSessions, await WebSessionStore.AddAsync(unit, session, hash));
            await audit.AddAsync(unit, Actor.Person(person.Id, http.Connection.RemoteIpAddress?.ToString()), "web_session.begun",
                session.Name);
            unit.AfterCommit(() =>
            {
                readers.SessionsEnded(ended);
                open.Add(SessionKey.OfHash(hash));
                open.Add(SessionKey.OfName(session.Name));
            });
            return true;
        }, cancellation);
        http.Response.Headers.Location = !begun ? SignInPaths.To(WebChat.SignIn) : $"{WebChat.Page}/{session.Name}#{token}";
    }

    /// <summary>Whoever signs out is out of the chats that began by it.</summary>
    public async ValueTask EndedAsync(IUnitOfWork unit, IReadOnlyList<SignInSession> ended)
    {
        foreach (var session in ended)
        {
            var ids = await WebSessionStore.RevokeOfAsync(unit, session.Person, By + session.Sid, clock.GetUtcNow());
            if (ids.Count == 0) continue;
            foreach (var id in ids) unit.Announce(Topics.WebSessions, id);
            unit.AfterCommit(() => readers.SessionsEnded(ids));
        }
    }
}
