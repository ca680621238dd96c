using System.CommandLine;
using System.Globalization;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur departments</c>: those of the directories that are kept true.</summary>
internal static class DepartmentsCommand
{
    private const int LargestPage = 200;

    public static Command Create() => new("departments", "Departments of the company's directories: list, show.") { List(), Show() };

    private static Verb List()
    {
        var search = new Argument<string?>("text") { Description = "Only those whose name or id has this.",
            Arity = ArgumentArity.ZeroOrOne };
        var platform = new Option<string?>("--platform") { Description = "Only this platform." };
        var parent = new Option<long?>("--parent") { Description = "Only those directly below this one; 0: at the top." };
        var limit = Limit.Option(200, "How many at most.");
        return new Verb("list", "Departments, with how many are in them.", "larkspur departments list",
            "larkspur departments list --parent 0") { search, platform, parent, limit }.Asks(call =>
            ListView.PrintAsync(call, new PagedList<DepartmentView, long?>(call.Get(limit), LargestPage, async (cursor, size) =>
            {
                var page = await call.AskAsync((client, limited) => client.Departments.ListAsync(call.Parsed.GetValue(search),
                    call.Get(platform), call.Get(parent), cursor, size, limited));
                return (page.Items, page.Next);
            }), new("Department", d => Text(d.Id)), new("Name", d => d.Name), new("Below", d =>
                d.Parent is { } above ? Text(above) : null), new("Platform", d => d.Platform),
                new("Members", d => Text(d.Members)), new("Departments", d => Text(d.Below)), new("Id there", d => d.CustomId ?? d.Key)));
    }

    private static Verb Show()
    {
        var id = new Argument<long>("department") { Description = "Its number, as larkspur departments list has it." };
        return new Verb("show", "One department; who is in it: larkspur people list --department.",
            "larkspur departments show 41") { id }.Asks(async call =>
        {
            var found = await call.AskAsync((client, limited) => client.Departments.GetAsync(call.Get(id), limited));
            if (call.Json) JsonOut.Write(found);
            else
            {
                DetailView.Print(("department", Text(found.Id)), ("name", found.Name), ("english name", found.EnName),
                    ("platform", found.Platform), ("app", found.App), ("key", found.Key),
                    ("own id", found.CustomId), ("below", found.Parent is { } above ? Text(above) : null),
                        ("led by", found.Leaders is { } leaders ? string.Join(' ', leaders) : null),
                    ("members", Text(found.Members)), ("departments below", Text(found.Below)));
            }

            return ExitCodes.Done;
        });
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
