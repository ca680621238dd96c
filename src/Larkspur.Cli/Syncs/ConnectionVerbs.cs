using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Syncs;

/// <summary><c>larkspur syncs connections</c>: where companies keep their data.</summary>
internal static class ConnectionVerbs
{
    public static Command Create() => new("connections", "Connections to companies' own data: list, show, add, probe, remove.")
    {
        List(), Show(), Add(), Probe(), Remove(),
    };

    private static Argument<string> Name(string what = "The connection.") => Named.Argument("connection", what);

    private static Verb List() => new Verb("list", "Connections that the key's system may use.", "larkspur syncs connections list")
        .Asks(async call => ListView.Print(call,
            (await call.AskAsync((client, limited) => client.SyncConnections.ListAsync(limited))).Items, false,
            new("Connection", c => c.Name), new("Kind", c => c.Kind), new("Leads to", c => c.Shown), new("System", c => c.System),
            new("Syncs", c => string.Join(", ", c.Syncs))));

    private static Verb Show()
    {
        var name = Name();
        return new Verb("show", "One of them; its address is never shown.", "larkspur syncs connections show erp") { name }
            .Asks(async call => AnswerView.Print(call,
                await call.AskAsync((client, limited) => client.SyncConnections.ShowAsync(call.Get(name), limited))));
    }

    private static Verb Add()
    {
        var name = Name("What it is called here: lower-case letters, digits, - and _.");
        var kind = new Option<string?>("--kind") { Description = "What is there: sqlite, postgresql. A new one needs it." };
        var address = new Option<string?>("--address-file")
        {
            Description = "File with the address (a file's absolute path, or a connection string with its password); - reads it from the "
                + "input. A new one needs it.",
        };
        var system = new Option<string?>("--system") { Description = "The business system that may use it; default: the key's." };
        return new Verb("add", "Connect a database or a file, for a system, or change a connection. It is tried at once; administrators "
            + "alone may.", "echo /var/lib/erp/erp.db | larkspur syncs connections add erp --kind sqlite --address-file - --system erp",
            "pass show erp/db | larkspur syncs connections add erp --kind postgresql --address-file -") { name, kind, address, system }
            .Asks(async call =>
        {
            var body = new PutSyncConnection
            {
                Kind = call.Get(kind), System = call.Get(system),
                Address = call.Get(address) is { } path ? await SecretInput.ReadAsync(path, "The connection's address", call.Cancellation)
                    : null,
            };
            var made = await call.AskAsync((client, limited) => client.SyncConnections.PutAsync(call.Get(name), body, limited));
            var whose = made.System.Length > 0 ? made.System : "administrators alone";
            return AnswerView.Say(call, made, $"Connected: {made.Name} ({made.Kind}, {made.Shown}), for {whose}");
        });
    }

    private static Verb Probe()
    {
        var name = Name();
        var table = new Argument<string?>("table")
        {
            Description = "A table of it: its columns, and how changes are heard of.", Arity = ArgumentArity.ZeroOrOne,
        };
        return new Verb("probe", "What is there, and how changes of a table are heard of.", "larkspur syncs connections probe erp",
            "larkspur syncs connections probe erp orders") { name, table }.Asks(async call =>
        {
            var asked = call.Parsed.GetValue(table);
            var found = await call.AskAsync((client, limited) => client.SyncConnections.ProbeAsync(call.Get(name), asked, limited));
            if (call.Json) return AnswerView.Print(call, found);
            if (asked is null) return ListView.Print(call, found.Tables, false, new Column<string>("Table", t => t));
            ListView.Print(call, found.Columns, false, new("Column", c => c.Name), new("Type", c => c.Type),
                new("Can be", c => string.Join(", ", c.Kinds)), new("Key", c => c.Key ? "yes" : ""),
                new("Required", c => c.Required ? "yes" : ""), new("Written", c => c.ReadOnly ? "no" : "yes"));
            Console.Out.WriteLine(Printable.Line($"Changes are heard of by: {found.Capture?.Replace('_', ' ')}"));
            foreach (var refused in found.Refused)
                Console.Out.WriteLine(Printable.Line($"Not by {refused.Capture.Replace('_', ' ')}: {refused.Reason.Replace('_', ' ')}"
                    + (refused.Detail is { } detail ? $" ({detail})" : "")));
            return ExitCodes.Done;
        });
    }

    private static Verb Remove()
    {
        var name = Name();
        return new Verb("remove", "Forget a connection that no sync uses.", "larkspur syncs connections remove erp") { name }
            .Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.SyncConnections.DeleteAsync(call.Get(name), limited);
                return true;
            });
            return AnswerView.Say(call, new { name = call.Get(name), removed = true }, $"Removed: {call.Get(name)}");
        });
    }
}
