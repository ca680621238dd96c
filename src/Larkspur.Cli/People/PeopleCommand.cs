using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people</c>: who is who on the platform.</summary>
internal static class PeopleCommand
{
    public static Command Create() => new("people", "Who is who: lookup on the platform; and whom the gateway knows.")
    {
        Lookup(), KnownPeople.List(), KnownPeople.Show(), PeopleExport.Create(), PersonMatches.Change(), PersonMatches.History(),
        PersonHandover.Verb(), PersonMatches.Matches(), PersonChanges.Disable(), PersonChanges.Enable(), PersonChanges.Merge(),
        PersonChanges.Unlink(), PersonChanges.Refresh(),
    };

    private static Verb Lookup()
    {
        var who = new Argument<string[]>("who") { Description = $"Whom: {Who.Help}. One or several.", Arity = ArgumentArity.OneOrMore };
        var app = GatewayOptions.App();
        return new Verb("lookup", "Find people; exit 1 when somebody was not found.", "larkspur people lookup alice@mica.example employee:M1003", "larkspur people lookup bob@mica.example --json | jq -r .found[].person.open_id") { who, app }.Asks(async call =>
        {
            var wanted = new JsonObject();
            foreach (var one in call.Get(who))
            {
                var (member, value) = Who.Person(one).Select(m => (m.Key + "s", (string?)m.Value)).Single();
                if (wanted[member] is not JsonArray list) wanted[member] = list = [];
                list.Add(value);
            }

            if (call.Get(app) is { } named) wanted["app"] = named;
            var found = await call.AskAsync((client, limited) => client.People.LookupAsync(wanted.Deserialize<LookupPeople>()!, limited));
            if (call.Json) JsonOut.Write(found);
            else
            {
                if (found.Found.Count > 0) ListView.Print(call, found.Found, false, new("Asked", f => f.Value), new("Name", f => PersonTexts.NameOf(f.Person)), new("Open id", f => f.Person.OpenId), new("User id", f => f.Person.UserId));
                foreach (var unknown in found.Unknown) Fail.Say($"not found: {unknown.Value} ({unknown.Reason})");
            }

            return found.Unknown.Count == 0 ? ExitCodes.Done : ExitCodes.Refused;
        });
    }
}
