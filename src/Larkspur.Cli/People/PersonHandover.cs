using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;

namespace Larkspur.Cli.People;

/// <summary><c>larkspur people handover</c>: what stands open for a person.</summary>
internal static class PersonHandover
{
    public static Verb Verb()
    {
        var who = PersonNamed.Argument();
        return new Verb("handover", "What stands open for a person, for others to take over when they leave.",
            "larkspur people handover bob@mica.example") { who }.Asks(async call =>
        {
            var id = await PersonNamed.IdAsync(call, call.Get(who));
            var open = await call.AskAsync((client, limited) => client.People.GetHandoverAsync(id, limited));
            foreach (var unknown in open.Unknown)
                Console.Error.WriteLine(Printable.Line($"{unknown.Platform} does not say what stands open there: {unknown.Reason}"));
            return ListView.Print(call, open.Items, false, new("Kind", i => i.Kind), new("Id", i => i.Id), new("Name", i => i.Name),
                new("State", i => i.State), new("Since", i => PointInTime.Short(i.Since)));
        });
    }
}
