using System.CommandLine;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Tables;

/// <summary><c>larkspur tables bases</c>: which bases are open, and to whom.</summary>
internal static class BaseVerbs
{
    public static Command Create() => new("bases", "Bases that are open to business systems: list, show, add, remove.")
    {
        List(), Show(), Add(), Remove(),
    };

    private static Verb List() => new Verb("list", "Bases that the key's system may use.", "larkspur tables bases list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.Tables.ListBasesAsync(limited))).Items, false,
            new("Base", b => b.Name), new("Title", b => b.Title), new("App", b => b.App), new("System", b => b.System),
            new("Token", b => b.Token)));

    private static Verb Show()
    {
        var name = TablesCommand.Base();
        return new Verb("show", "One of them.", "larkspur tables bases show ledger") { name }.Asks(async call =>
            AnswerView.Print(call, await call.AskAsync((client, limited) => client.Tables.ShowBaseAsync(call.Get(name), limited))));
    }

    private static Verb Add()
    {
        var name = Named.Argument("base", "What it is called here: lower-case letters, digits, - and _.");
        var token = new Argument<string>("token") { Description = "The base's token, or its address as the browser shows it." };
        var app = new Option<string?>("--app") { Description = "The app that reads and writes it; it must be a collaborator of the base." };
        var system = new Option<string?>("--system") { Description = "The business system that it is opened to; default: the key's." };
        return new Verb("add", "Open a base to a business system, or change one that is open. The app is tried at once.",
            "larkspur tables bases add ledger https://acme.feishu.cn/base/LkPurchaseLedgerMicaBase001 --system erp")
            { name, token, app, system }.Asks(async call =>
        {
            var body = new PutBase { Token = call.Get(token), App = call.Get(app), System = call.Get(system) };
            var made = await call.AskAsync((client, limited) => client.Tables.PutBaseAsync(call.Get(name), body, limited));
            var whose = made.System.Length > 0 ? made.System : "administrators alone";
            return AnswerView.Say(call, made, $"Open: {made.Name} ({made.Title}), by app {made.App}, to {whose}");
        });
    }

    private static Verb Remove()
    {
        var name = TablesCommand.Base();
        return new Verb("remove", "Close a base. What stands in it stays as it is.", "larkspur tables bases remove ledger") { name }
            .Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.Tables.DeleteBaseAsync(call.Get(name), limited);
                return true;
            });
            return AnswerView.Say(call, new { name = call.Get(name), closed = true }, $"Closed: {call.Get(name)}");
        });
    }
}
