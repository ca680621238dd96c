using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.Authorizations;

/// <summary><c>larkspur authorizations</c>: what people let others do on their platform in their own name.</summary>
internal static class AuthorizationsCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("authorizations",
        "What people let others do on their platform in their own name: list, show, ask, withdraw, call.")
    {
        List(), Show(), AuthorizationAskVerb.Create(), Withdraw(), AuthorizationCallVerb.Create(),
    };

    /// <summary>The authorization that a verb is about.</summary>
    public static Argument<string> Id() => Named.Argument("id", "The authorization: au_…");

    /// <summary>One for people, a line for each thing that is known of it.</summary>
    public static int Told(VerbCall call, AuthorizationView one)
    {
        if (call.Json)
        {
            JsonOut.Write(one);
            return ExitCodes.Done;
        }

        DetailView.Print(("id", one.Id), ("state", one.State), ("link", one.Url), ("person", WhoOf(one)), ("who calls", one.Holder),
            ("system", one.System), ("app", one.App), ("scopes", string.Join(' ', one.Scopes)), ("reason", ReasonOf(one)),
            ("asked", PointInTime.Shown(one.AskedAt)), ("answer until", one.Url is null ? null : PointInTime.Shown(one.ExpiresAt)),
            ("answered", PointInTime.Shown(one.DecidedAt)), ("ended", PointInTime.Shown(one.EndedAt)), ("why", one.EndedWhy));
        return ExitCodes.Done;
    }

    private static Verb List()
    {
        var state = new Option<string?>("--state") { Description = "Only those in this state." };
        state.AcceptOnlyFromAmong("waiting", "given", "refused", "expired", "ended");
        var person = new Option<string?>("--person") { Description = $"Only this person's: {PersonNamed.Help}." };
        var app = GatewayOptions.App();
        var limit = Limit.Option(50, "How many at most.");
        return new Verb("list", "Authorizations, the newest first.", "larkspur authorizations list --state given",
            "larkspur authorizations list --person alice@mica.example") { state, person, app, limit }.Asks(async call =>
        {
            var known = call.Get(person) is { } somebody ? await PersonNamed.IdAsync(call, somebody) : null;
            return await ListView.PrintAsync(call, new PagedList<AuthorizationView, long?>(call.Get(limit), LargestPage,
                async (cursor, size) =>
                {
                    var page = await call.AskAsync((client, limited) =>
                        client.Authorizations.ListAsync(known, call.Get(app), call.Get(state), cursor, size, limited));
                    return (page.Items, page.Next);
                }), new("Authorization", a => a.Id), new("State", a => a.State), new("Person", WhoOf), new("Who calls", a => a.Holder),
                new("Asked", a => PointInTime.Short(a.AskedAt)), new("Scopes", a => string.Join(' ', a.Scopes)));
        });
    }

    private static Verb Show()
    {
        var id = Id();
        return new Verb("show", "One of them, with its link while it waits.",
            "larkspur authorizations show au_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21") { id }.Asks(async call =>
            Told(call, await call.AskAsync((client, limited) => client.Authorizations.GetAsync(call.Get(id), limited))));
    }

    private static Verb Withdraw()
    {
        var id = Id();
        return new Verb("withdraw", "Give one back, or take a question back; with a person's last one their tokens are forgotten.",
            "larkspur authorizations withdraw au_4f0c2a9be1d84c5f9a3b7e6d5c4b3a21") { id }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Authorizations.EndAsync(call.Get(id), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { id = call.Get(id), withdrawn = true });
            else Console.Out.WriteLine(Printable.Line($"Withdrawn: {call.Get(id)}"));
            return ExitCodes.Done;
        });
    }

    private static string WhoOf(AuthorizationView one) => one.Name ?? one.Person ?? one.OpenId;

    private static string ReasonOf(AuthorizationView one) =>
        one.Reason.En == one.Reason.Zh ? one.Reason.En : $"{one.Reason.En} · {one.Reason.Zh}";
}
