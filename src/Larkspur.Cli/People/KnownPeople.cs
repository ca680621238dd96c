using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people list</c> and <c>show</c>: who is known, with their accounts on the platforms.</summary>
internal static class KnownPeople
{
    private const int LargestPage = 100;

    public static Verb List()
    {
        var search = new Argument<string?>("text") { Description = "Only those whose name, address or id has this.",
            Arity = ArgumentArity.ZeroOrOne };
        var platform = new Option<string?>("--platform") { Description =
            "Only those with an account there: feishu, wecom, dingtalk, web,"
            + " scim (whom an upstream provisions)." };
        var disabled = new Option<bool>("--disabled") { Description = "Only those who were shut out." };
        var department = new Option<long?>("--department") { Description = "Only those in this department, by its number." };
        var state = new Option<string?>("--state") { Description = "Only these: active, left, frozen, known, disabled." };
        var limit = Limit.Option(50, "How many at most.");
        return new Verb("list", "People whom the gateway knows.", "larkspur people list",
            "larkspur people list alice --platform wecom") { search, platform, department, state, disabled, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<KnownPersonView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) =>
                    client.People.ListAsync(call.Parsed.GetValue(search), call.Get(platform), call.Get(department), call.Get(state),
                    call.Get(disabled) ? true : null, cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Person", p => p.Id), new("Name", p => p.Name), new("Email", p => p.Email),
                new("Accounts", p => string.Join(", ", p.Accounts.Select(a => $"{a.Platform}/{a.App}"))),
                new("Since", p => PointInTime.Short(p.CreatedAt)), new("State", p => p.State)));
    }

    public static Verb Show()
    {
        var who = PersonNamed.Argument();
        return new Verb("show", "A person with all accounts, and who was joined to them.",
            "larkspur people show alice@mica.example") { who }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            return Print(call, await call.AskAsync((client, limited) => client.People.GetAsync(id, limited)));
        });
    }

    private static int Print(VerbCall call, KnownPersonView person)
    {
        if (call.Json)
        {
            JsonOut.Write(person);
            return ExitCodes.Done;
        }

        DetailView.Print(("person", person.Id), ("name", person.Name), ("email", person.Email),
            ("state", person.State), ("former ids", string.Join(' ', person.FormerIds)),
            ("known since", PointInTime.Shown(person.CreatedAt)));
        if (person.Fields.Count > 0)
        {
            Console.Out.WriteLine();
            ListView.Write(person.Fields, new Column<PersonFieldView>("Field", f => f.Name), new("Value", f => f.Value),
                new("Source", f => f.Source));
        }

        if (person.Accounts.Count > 0)
        {
            Console.Out.WriteLine();
            ListView.Write(person.Accounts, new("Account", a => $"{a.Id}"), new("Platform", a => a.Platform), new("App", a => a.App),
                new("Name", a => a.Name), new("Email", a => a.Email),
                new Column<KnownAccountView>("Ids", a => string.Join(' ', a.Ids.Select(i => $"{i.Kind}:{i.Value}"))),
                    new("Seen", a => PointInTime.Short(a.SeenAt)), new("In the directory", a => a.Directory?.Status),
                    new("Departments", a => string.Join(", ", (a.Directory?.Departments ?? []).Select(d => d.Name ?? d.Key))));
        }

        if (person.Joins is { Count: > 0 } joins)
        {
            Console.Out.WriteLine();
            ListView.Write(joins, new("Join", j => j.Id), new("Was", j => j.Former), new Column<JoinView>("How", j => j.How),
                new("When", j => PointInTime.Short(j.JoinedAt)), new("Can be undone until", j => PointInTime.Shown(j.UndoUntil)));
        }

        return ExitCodes.Done;
    }
}
