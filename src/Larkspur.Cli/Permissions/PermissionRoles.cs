using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.Permissions;

/// <summary><c>larkspur permissions roles</c>.</summary>
internal static class PermissionRoles
{
    private const int LargestPage = 100;

    public static Command Create() => new("roles", "Roles, which rules name: list, show, put, delete.") { List(), Show(), Put(), Delete() };

    private static Verb List()
    {
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("list", "Roles, by their names.", "larkspur permissions roles list") { limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<PermissionRoleView, string>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Permissions.ListRolesAsync(cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Role", r => r.Name), new("People", r => string.Join(", ", r.People)),
                new("Changed", r => PointInTime.Short(r.ChangedAt)), new("By", r => r.ChangedBy)));
    }

    private static Verb Show()
    {
        var name = Named.Argument("name", "The role.");
        return new Verb("show", "A role with its people.", "larkspur permissions roles show finance") { name }.Asks(async call =>
            AnswerView.Print(call, await call.AskAsync((client, limited) => client.Permissions.GetRoleAsync(call.Get(name), limited))));
    }

    private static Verb Put()
    {
        var name = Named.Argument("name", "The role.");
        var people = new Argument<string[]>("person") { Description = $"All who have it from now on: {PersonNamed.Help}.",
            Arity = ArgumentArity.OneOrMore };
        return new Verb("put", "Make a role, or say who has it.",
            "larkspur permissions roles put finance alice@mica.example bob@mica.example") { name, people }.Asks(async call =>
        {
            List<string> ids = [];
            foreach (var person in call.Get(people)) ids.Add(await PersonNamed.IdAsync(call, person));
            var role = new PutPermissionRole { People = ids };
            var saved = await call.AskAsync((client, limited) =>
                client.Permissions.PutRoleAsync(call.Get(name), role, cancellation: limited));
            return AnswerView.Say(call, saved,
                $"Saved: {saved.Name}, {(saved.People.Count == 1 ? "1 person" : $"{saved.People.Count} people")}");
        });
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The role.");
        return new Verb("delete", "Take a role away.", "larkspur permissions roles delete finance") { name }.Asks(async call =>
            AnswerView.Say(call,
                await call.Gateway.CallAsync(HttpMethod.Delete, "permissions/roles/" + Uri.EscapeDataString(call.Get(name)), null,
                call.Cancellation), $"Deleted: {call.Get(name)}"));
    }
}
