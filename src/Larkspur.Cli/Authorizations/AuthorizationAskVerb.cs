using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Cli.Calls;
using Larkspur.Cli.People;
using Larkspur.Client;

namespace Larkspur.Cli.Authorizations;

/// <summary><c>larkspur authorizations ask</c>.</summary>
internal static class AuthorizationAskVerb
{
    public static Verb Create()
    {
        var to = new Option<string?>("--to") { Description = $"Who is asked: {Who.Help}." };
        var person = new Option<string?>("--person")
        {
            Description = $"Who is asked, as somebody whom the gateway knows: {PersonNamed.Help}.",
        };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "A scope of the platform, like calendar:calendar:readonly; may be given several times.", Required = true,
            AllowMultipleArgumentsPerToken = true,
        };
        var reason = new Option<string>("--reason") { Description = "What for, as the person reads it on the card.", Required = true };
        var english = new Option<string?>("--reason-en") { Description = "The same in English; --reason is then the Chinese one." };
        var app = GatewayOptions.App();
        var noCard = new Option<bool>("--no-card") { Description = "No card is sent: you give them the link yourself." };
        var verb = new Verb("ask",
            "Ask somebody to let your system call the platform in their own name. What they allow already is not asked for again.",
            "larkspur authorizations ask --to alice@mica.example --scope calendar:calendar:readonly --reason \"Find a free room\"",
            "larkspur authorizations ask --person pe_… --scope calendar:calendar:readonly --reason 查找空闲会议室 --reason-en "
                + "\"Find a free room\" --no-card")
        {
            to, person, scopes, reason, english, app, noCard,
        };
        verb.Validators.Add(result =>
        {
            if (result.GetResult(to) is null == result.GetResult(person) is null) result.AddError("Say who is asked: --to or --person.");
        });
        return verb.Asks(async call =>
        {
            var body = new JsonObject
            {
                ["scopes"] = new JsonArray([.. call.Get(scopes)!.Select(s => (JsonNode)s)]),
                ["reason"] = call.Get(english) is { } other ? new JsonObject { ["zh"] = call.Get(reason), ["en"] = other }
                    : call.Get(reason),
                ["notify"] = !call.Get(noCard),
            };
            if (call.Get(app) is { } chosen) body["app"] = chosen;
            if (call.Get(to) is { } named) body["to"] = Who.Person(named);
            else body["person"] = await PersonNamed.IdAsync(call, call.Get(person)!);
            var wish = body.Deserialize<AskAuthorization>()!;
            return AuthorizationsCommand.Told(call,
                await call.AskAsync((client, limited) => client.Authorizations.AskAsync(wish, limited)));
        });
    }
}
