using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.Output;
using Larkspur.Client;

namespace Larkspur.Cli.Notifications;

/// <summary><c>larkspur notifications types</c>: the kinds of events, and what their cards look like.</summary>
internal static class NotificationTypes
{
    public static Command Create() => new("types", "The types of notifications: list, show, put, delete, preview, test.") { List(), Show(), Put(), Delete(), Preview(), Test() };

    private static Verb List() => new Verb("list", "All types.", "larkspur notifications types list").Asks(async call =>
        ListView.Print(call, (await call.AskAsync((client, limited) => client.NotificationTypes.ListAsync(limited))).Items, false,
            new("Type", t => t.Name), new("Title", t => Words.AreChinese ? t.Title.Zh : t.Title.En), new("On", t => t.Enabled ? "yes" : "no"), new("Switch", t => t.Switch ?? "(of its own)"),
            new("Decision", t => t.Decision ? "yes" : ""), new("Quiet hours", t => t.QuietHours), new("Origin", t => !t.BuiltIn ? "own" : t.Changed ? "changed" : "built in")));

    private static Verb Show()
    {
        var name = Named.Argument("name", "The type, like pr.submitted.");
        return new Verb("show", "A type with its definition.", "larkspur notifications types show pr.submitted", "larkspur notifications types show pr.submitted --json | jq .definition > pr.json") { name }.Asks(async call =>
        {
            Print(call, await call.AskAsync((client, limited) => client.NotificationTypes.GetAsync(call.Get(name), limited)));
            return ExitCodes.Done;
        });
    }

    private static Verb Put()
    {
        var name = Named.Argument("name", "The type, like visitor.arrived.");
        var file = new Argument<string>("file") { Description = "The definition: a JSON file, or - for the input." };
        return new Verb("put", "Define a type, or change one. It is judged before it is saved.", "larkspur notifications types put visitor.arrived visitor.json") { name, file }.Asks(async call =>
        {
            // As it is written: through a record a misspelt member would be lost before the gateway could refuse it.
            var body = await InputFile.JsonTextAsync(call.Get(file), call.Cancellation);
            var saved = await call.Gateway.SendAsync<NotificationTypeView>(HttpMethod.Put, "notification-types/" + Uri.EscapeDataString(call.Get(name)), body, null, call.Cancellation);
            if (call.Json) JsonOut.Write(saved);
            else Console.Out.WriteLine(Printable.Line($"Saved: {saved.Name}, {(saved.Enabled ? "on" : "off")}"));
            return ExitCodes.Done;
        });
    }

    private static Verb Delete()
    {
        var name = Named.Argument("name", "The type.");
        return new Verb("delete", "Forget a type; a built-in one is as it came again.", "larkspur notifications types delete visitor.arrived") { name }.Asks(async call =>
        {
            await call.AskAsync(async (client, limited) =>
            {
                await client.NotificationTypes.DeleteAsync(call.Get(name), limited);
                return true;
            });
            if (call.Json) JsonOut.Write(new { name = call.Get(name), deleted = true });
            else Console.Out.WriteLine(Printable.Line($"Deleted: {call.Get(name)}"));
            return ExitCodes.Done;
        });
    }

    private static Verb Preview()
    {
        var name = Named.Argument("name", "The type.");
        var definition = new Option<string?>("--definition") { Description = "A definition that is not saved: a JSON file, or - for the input." };
        var values = new ValueOptions("--var", "--vars", "A variable, instead of its sample");
        var locale = new Option<string?>("--locale") { Description = "zh_cn or en_us: the language of the text." };
        locale.AcceptOnlyFromAmong("zh_cn", "en_us");
        var verb = new Verb("preview", "A type's card as text; with --json the card itself. Nothing is sent; exit 1 when the card has errors.",
            "larkspur notifications types preview pr.submitted --locale en_us", "larkspur notifications types preview visitor.arrived --definition visitor.json --var visitor=Dora") { name, definition, locale };
        values.AddTo(verb);
        return verb.Asks(async call =>
        {
            JsonElement? unsaved = call.Get(definition) is { } path ? JsonSerializer.SerializeToElement(await InputFile.JsonAsync(path, call.Cancellation)) : null;
            var preview = await call.AskAsync(async (client, limited) => await client.NotificationTypes.PreviewAsync(call.Get(name),
                new PreviewNotificationType { Definition = unsaved, Variables = Element(await values.ReadAsync(call)), Locale = call.Get(locale) }, limited));
            if (call.Json) JsonOut.Write(preview);
            else
            {
                Console.Out.WriteLine(Printable.Lines(preview.Text));
                foreach (var note in preview.Notes) Fail.Say(note);
                foreach (var finding in preview.Findings) Fail.Say($"{finding.Severity} at {finding.Pointer}: {finding.Message} {finding.Fix} [{finding.Rule}]");
            }

            return preview.Findings.Any(f => f.Severity == "error") ? ExitCodes.Refused : ExitCodes.Done;
        });
    }

    private static Verb Test()
    {
        var name = Named.Argument("name", "The type.");
        var to = new Option<string>("--to") { Description = $"Who gets it: {Who.Help}.", Required = true };
        var values = new ValueOptions("--var", "--vars", "A variable, instead of its sample");
        var app = GatewayOptions.App();
        var key = new RepeatKey();
        var verb = new Verb("test", "Send a type's card to one person, marked as a test.", "larkspur notifications types test pr.submitted --to alice@mica.example") { name, to, app, key.Option };
        values.AddTo(verb);
        return verb.Asks(async call =>
        {
            var test = new TestNotificationType { Recipient = Who.Person(call.Get(to)!).Deserialize<TestNotificationTypeRecipient>()!, Variables = Element(await values.ReadAsync(call)), App = call.Get(app) };
            NotificationPrint.Sent(call, await key.OnceAsync(call, named => call.AskAsync((client, limited) => client.NotificationTypes.TestAsync(call.Get(name), test, named, limited))));
            return ExitCodes.Done;
        });
    }

    private static void Print(VerbCall call, NotificationTypeView type)
    {
        if (call.Json)
        {
            JsonOut.Write(type);
            return;
        }

        DetailView.Print(("type", type.Name), ("title", $"{type.Title.En} · {type.Title.Zh}"), ("description", type.Description is { } text ? Words.AreChinese ? text.Zh : text.En : null),
            ("on", type.Enabled ? "yes" : "no" + (type.Switch is { } setting ? $": larkspur settings set {setting}=true" : "")), ("decision", type.Decision ? "asks for one" : null), ("quiet hours", type.QuietHours),
            ("origin", !type.BuiltIn ? "own" : type.Changed ? "built in, changed" : "built in"), ("changed", type.ChangedAt is { } at ? $"{PointInTime.Shown(at)} by {type.ChangedBy}" : null));
        Console.Out.WriteLine();
        Console.Out.WriteLine(Printable.Lines(JsonOut.Indented(type.Definition)));
    }

    private static JsonElement? Element(JsonObject? values) => values is null ? null : JsonSerializer.SerializeToElement(values);
}
