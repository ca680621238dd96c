using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Permissions;

/// <summary><c>larkspur permissions rules</c>.</summary>
internal static class PermissionRules
{
    private const int LargestPage = 100;

    public static Command Create() => new("rules", "Rules: list, show, add, put, delete.") { List(), Show(), Add(), Put(), Delete() };

    private static Verb List()
    {
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("list", "Rules, by their names.", "larkspur permissions rules list") { limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<PermissionRuleView, string>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Permissions.ListRulesAsync(cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Rule", r => r.Name), new("Feature", r => r.Feature), new("Effect", r => r.Effect), new("Who", r => Circle(r.Who)),
                new("Changed", r => PointInTime.Short(r.ChangedAt)), new("By", r => r.ChangedBy), new("Problem", r => r.Problem)));
    }

    private static Verb Show()
    {
        var name = Named.Argument("name", "The rule.");
        return new Verb("show", "A rule.", "larkspur permissions rules show leave-for-staff") { name }.Asks(async call =>
            AnswerView.Print(call, await call.AskAsync((client, limited) => client.Permissions.GetRuleAsync(call.Get(name), limited))));
    }

    private static Verb Add()
    {
        var file = new Argument<string>("file") { Description =
            "The rule with its name, as docs/people-identities.md has it: a JSON file, or - for the input." };
        return new Verb("add", "Make a rule; one of this name must not be there.", "larkspur permissions rules add rule.json") { file }
            .Asks(async call =>
        {
            var made = await call.Gateway.CallAsync(HttpMethod.Post, "permissions/rules",
                await InputFile.JsonTextAsync(call.Get(file), call.Cancellation), call.Cancellation);
            return AnswerView.Say(call, made, $"Added: {made.Text("name")}, {made.Text("effect")} {made.Text("feature")}");
        });
    }

    private static Verb Put()
    {
        var name = Named.Argument("name", "The rule.");
        var file = new Argument<string>("file") { Description = "What it says, without its name: a JSON file, or - for the input." };
        return new Verb("put", "Make a rule, or change one.", "larkspur permissions rules put leave-for-staff rule.json") { name, file }
            .Asks(async call =>
        {
            var path = "permissions/rules/" + Uri.EscapeDataString(call.Get(name));
            var saved = await call.Gateway.CallAsync(HttpMethod.Put, path,
                await InputFile.JsonTextAsync(call.Get(file), call.Cancellation), call.Cancellation);
            return AnswerView.Say(call, saved, $"Saved: {saved.Text("name")}, {saved.Text("effect")} {saved.Text("feature")}");
        });
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The rule.");
        return new Verb("delete", "Take a rule away.", "larkspur permissions rules delete leave-for-staff") { name }.Asks(async call =>
            AnswerView.Say(call,
                await call.Gateway.CallAsync(HttpMethod.Delete, "permissions/rules/" + Uri.EscapeDataString(call.Get(name)), null,
                call.Cancellation), $"Deleted: {call.Get(name)}"));
    }

    private static string Circle(RuleCircleView who) => who.Everybody is true
        ? "everybody"
        : string.Join("; ", new (string, IReadOnlyList<string>?)[] { ("people", who.People), ("departments", who.Departments),
            ("roles", who.Roles), ("platforms", who.Platforms) }
            .Where(p => p.Item2 is { Count: > 0 }).Select(p => $"{p.Item1} {string.Join(", ", p.Item2!)}"));
}
