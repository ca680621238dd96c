using System.CommandLine;
using System.Net;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.WebChat;

/// <summary><c>larkspur web-chat</c>: sessions of the assistant on the web.</summary>
internal static class WebChatCommand
{
    private const int LargestPage = 100;

    public static Command Create() => new("web-chat", "The assistant on the web: sessions.")
    {
        new Command("sessions", "Sessions: create (with the frame to embed), list, show, revoke.") { Begin(), List(), Show(), Revoke() },
    };

    private static Verb Begin()
    {
        var person = new Option<string?>("--person") { Description = $"For somebody who is known: {PersonNamed.Help}." };
        var issuer = new Option<string?>("--issuer") { Description = "For a subject of this issuer, which the key must have." };
        var subject = new Option<string?>("--subject") { Description = "Who it is there." };
        var name = new Option<string?>("--name") { Description = "What the subject is called." };
        var email = new Option<string?>("--email") { Description = "The subject's mail address." };
        var locale = new Option<string?>("--locale") { Description = "zh-CN or en-US." };
        var lifetime = PointInTime.Duration("--lifetime", "How long it lasts, up to 7d; 8h unless it is said.");
        var origins = new Option<string[]>("--origin")
        {
            Description = "A site that may embed it, like https://intranet.example.com; may be given several times. Then the frame to copy is printed too.",
        };
        return new Verb("create", "Begin a session. Its address holds the token and is printed this once.",
            "larkspur web-chat sessions create --issuer https://intranet.example.com --subject E1001 --name Alice --origin https://intranet.example.com")
        {
            person, issuer, subject, name, email, locale, lifetime, origins,
        }.Asks(async call =>
        {
            var known = call.Get(person) is { } somebody ? await PersonNamed.IdAsync(call, somebody) : null;
            var wanted = new WebSessionWanted
            {
                Person = known, Issuer = call.Get(issuer), Subject = call.Get(subject), Name = call.Get(name), Email = call.Get(email),
                Locale = call.Get(locale), LifetimeSeconds = call.Get(lifetime) is { } span ? (int)span.TotalSeconds : null,
                Origins = call.Get(origins) is { Length: > 0 } sites ? sites : null,
            };
            var begun = await call.AskAsync((client, limited) => client.WebChat.BeginWebSessionAsync(wanted, limited));
            if (call.Json)
            {
                JsonOut.Write(begun);
                return ExitCodes.Done;
            }

            Console.Out.WriteLine(Printable.Line($"Created: {begun.Session.Id}, until {PointInTime.Shown(begun.Session.ExpiresAt)}"));
            Console.Out.WriteLine(Printable.Line($"Its address, shown this once: {begun.Address}"));
            if (begun.Session.Origins is { Count: > 0 } embedding)
            {
                Console.Out.WriteLine(Printable.Line($"On pages of {string.Join(", ", embedding)}:"));
                Console.Out.WriteLine(
                    Printable.Line($"<iframe src=\"{WebUtility.HtmlEncode(begun.Address)}\" title=\"Assistant\" allow=\"clipboard-write\" style=\"width: 400px; height: 600px; border: 0\"></iframe>"));
            }

            return ExitCodes.Done;
        });
    }

    private static Verb List()
    {
        var person = new Option<string?>("--person") { Description = "Only this person's." };
        var ended = new Option<bool>("--ended") { Description = "With those that have ended." };
        var limit = Limit.Option(50, "How many at most.");
        return new Verb("list", "Sessions, the newest first, without their tokens.", "larkspur web-chat sessions list") { person, ended,
            limit }.Asks(async call =>
        {
            var known = call.Get(person) is { } somebody ? await PersonNamed.IdAsync(call, somebody) : null;
            return await ListView.PrintAsync(call, new PagedList<WebSessionView,
                long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.WebChat.ListWebSessionsAsync(known, call.Get(ended) ? true : null, cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Session", s => s.Id), new("State", s => s.State), new("Who", s => s.Name ?? s.Subject ?? s.Person),
                new("System", s => s.System), new("Created", s => PointInTime.Short(s.CreatedAt)),
                new("Ends", s => PointInTime.Short(s.ExpiresAt)), new("Sites", s => string.Join(' ', s.Origins)));
        });
    }

    private static Verb Show()
    {
        var id = Named.Argument("id", "The session: ws_…");
        return new Verb("show", "A session, without its token.", "larkspur web-chat sessions show ws_…") { id }.Asks(async call =>
            AnswerView.Print(call, await call.AskAsync((client, limited) => client.WebChat.GetWebSessionAsync(call.Get(id), limited))));
    }

    private static Verb Revoke()
    {
        var id = Named.Argument("id", "The session: ws_…");
        return new Verb("revoke", "End a session at once.", "larkspur web-chat sessions revoke ws_…") { id }.Asks(async call =>
        {
            var ended = await call.AskAsync((client, limited) => client.WebChat.RevokeWebSessionAsync(call.Get(id), limited));
            return AnswerView.Say(call, ended, $"Revoked: {ended.Id}");
        });
    }
}
